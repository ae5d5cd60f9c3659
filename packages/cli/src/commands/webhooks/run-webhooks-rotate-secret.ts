import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { formatTime } from '../../output/format-time.ts';

/** Gives a receiver a new secret, which alone goes to stdout. */
export async function runWebhooksRotateSecret(context: CommandContext, id: number, flags: TargetFlags): Promise<void> {
  const { output, signal } = context;
  await withServer(context, flags, async (server) => {
    const changed = await server.rotateWebhookSecret(id, { signal });
    const until = changed.previousSecretExpiresAt;
    output.note(
      `The new secret is shown this once${until === null ? '' : `; the old one signs until ${formatTime(until)}`}:`,
    );
    output.line(changed.secret);
    output.result(changed);
  });
}
