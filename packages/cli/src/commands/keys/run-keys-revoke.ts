import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { confirmOrStop } from '../confirm-or-stop.ts';

/** Revokes an API key, after asking: what uses it stops working, and nothing makes it good again. */
export async function runKeysRevoke(
  context: CommandContext,
  id: number,
  flags: TargetFlags & { readonly yes?: boolean },
): Promise<void> {
  const { output, signal } = context;
  await withServer(context, flags, async (server) => {
    if (flags.yes !== true) await confirmOrStop(context, `Revoke the API key ${id}? What uses it stops working.`);
    await server.revokeKey(id, { signal });
    output.line(`${output.colors.green('✓')} The API key ${id} is revoked.`);
    output.result({ revoked: id });
  });
}
