import { TenonError } from '@tenon/runtime/errors';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { parsePair } from '../parse-pair.ts';

/** Disconnects an account, after asking: its credentials and its records go. */
export async function runConnectionsDelete(
  context: CommandContext,
  name: string,
  flags: TargetFlags & { readonly yes?: boolean },
): Promise<void> {
  const { output, signal } = context;
  const [integration, connection] = parsePair(name, '<integration>/<connection>');
  await withServer(context, flags, async (server) => {
    await server.getConnection({ integration, connection }, { signal });
    if (flags.yes !== true) {
      if (!context.isInteractive) {
        throw new TenonError('input_needed', 'Deleting has to be confirmed, and there is no terminal to ask on.', {
          hint: 'Pass --yes.',
        });
      }
      const { confirm } = await import('@inquirer/prompts');
      const message = `Delete ${name} with its credentials and all its records?`;
      if (!(await confirm({ message, default: false }, { signal }))) {
        throw new TenonError('interrupted', 'Nothing was deleted.');
      }
    }
    await server.deleteConnection({ integration, connection }, { signal });
    output.line(`${output.colors.green('✓')} ${name} is deleted.`);
    output.result({ deleted: { integration, connection } });
  });
}
