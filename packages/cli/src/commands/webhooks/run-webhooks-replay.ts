import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';

/** Sends an event to its receiver again. */
export async function runWebhooksReplay(context: CommandContext, id: number, flags: TargetFlags): Promise<void> {
  const { output, signal } = context;
  await withServer(context, flags, async (server) => {
    const delivery = await server.replayWebhookDelivery(id, { signal });
    output.line(`${output.colors.green('✓')} ${delivery.type} is sent again, as delivery ${delivery.id}.`);
    output.result(delivery);
  });
}
