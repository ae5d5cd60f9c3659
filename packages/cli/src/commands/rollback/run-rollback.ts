import { TenonError } from '@tenon/runtime/errors';
import type { ApiClient } from '../../api-client/api-client.ts';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';

export interface RollbackFlags extends TargetFlags {
  readonly version?: number | undefined;
  readonly yes?: boolean;
}

/** Makes an earlier version the active one again. Nothing is uploaded: the server kept it whole. */
export async function runRollback(context: CommandContext, flags: RollbackFlags): Promise<void> {
  const { output, signal } = context;
  await withServer(context, flags, async (server, target) => {
    const version = flags.version ?? (await findPrevious(server, signal));
    if (flags.yes !== true) {
      if (!context.isInteractive) {
        throw new TenonError('input_needed', 'A rollback has to be confirmed, and there is no terminal to ask on.', {
          hint: 'Pass --yes.',
        });
      }
      const { confirm } = await import('@inquirer/prompts');
      const isSure = await confirm({ message: `Activate version ${version} at ${target.url}?` }, { signal });
      if (!isSure) throw new TenonError('interrupted', 'Nothing was changed.');
    }
    const deployment = await server.activateDeployment(version, { signal });
    output.line(`${output.colors.green('✓')} Version ${deployment.version} is live at ${target.url}.`);
    output.result({ deployment });
  });
}

async function findPrevious(server: ApiClient, signal: AbortSignal): Promise<number> {
  const { items } = await server.listDeployments({ limit: 100, signal });
  const active = items.find((item) => item.active)?.version;
  const earlier = items.map((item) => item.version).filter((version) => active !== undefined && version < active);
  if (earlier.length > 0) return Math.max(...earlier);
  throw new TenonError('not_found', 'There is no earlier version to go back to.', { hint: 'Run `tenon versions`.' });
}
