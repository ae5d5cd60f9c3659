import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { confirmOrStop } from '../confirm-or-stop.ts';

/** Removes a receiver, after asking: deliveries that wait for it are gone too. */
export async function runWebhooksRemove(
  context: CommandContext,
  id: number,
  flags: TargetFlags & { readonly yes?: boolean },
): Promise<void> {
  const { output, signal } = context;
  await withServer(context, flags, async (server) => {
    if (flags.yes !== true) await confirmOrStop(context, `Remove the webhook ${id}, with what waits to be delivered?`);
    await server.deleteWebhookEndpoint(id, { signal });
    output.line(`${output.colors.green('✓')} The webhook ${id} is removed.`);
    output.result({ removed: id });
  });
}
