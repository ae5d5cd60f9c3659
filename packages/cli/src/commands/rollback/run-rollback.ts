import type { DataRollbackPlan } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import type { ApiClient } from '../../api-client/api-client.ts';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { formatCount } from '../../deploy/describe-impact.ts';
import { printPlan } from '../../deploy/print-plan.ts';
import { formatTime } from '../../output/format-time.ts';

export interface RollbackFlags extends TargetFlags {
  readonly version?: number | undefined;
  readonly yes?: boolean;
  /** Records and cursors too. */
  readonly data?: boolean;
}

/** Makes an earlier version the active one again, after showing what that changes. The server kept it whole. */
export async function runRollback(context: CommandContext, flags: RollbackFlags): Promise<void> {
  const { output, signal } = context;
  await withServer(context, flags, async (server, target) => {
    const version = flags.version ?? (await findPrevious(server, signal));
    const isWithData = flags.data === true;
    const { plan, data } = await server.planRollback(version, { data: isWithData, signal });
    if (plan.changes.length > 0) printPlan(output, plan);
    else output.line(`The code of version ${version} is what is active.`);
    if (data) sayData(context, data);
    output.line();
    if (flags.yes !== true) await confirmRollback(context, { version, url: target.url });
    const rolledBack = await server.rollBack(version, { baseVersion: plan.baseVersion, data: isWithData }, { signal });
    const { deployment } = rolledBack;
    output.line(`${output.colors.green('✓')} Version ${deployment.version} is live at ${target.url}.`);
    if (rolledBack.data) {
      const { recordsRestored, recordsDeleted, cursorsRestored } = rolledBack.data;
      output.line(
        `${formatCount(recordsRestored)} records restored, ${formatCount(recordsDeleted)} deleted; ` +
          `${formatCount(cursorsRestored)} cursors are where they were.`,
      );
    }
    output.result({ plan, ...rolledBack });
  });
}

/** @throws TenonError `history_pruned` */
function sayData({ output }: CommandContext, data: DataRollbackPlan): void {
  if (data.refused !== null) {
    throw new TenonError('history_pruned', data.refused, {
      hint: 'Roll back the code alone (without --data) and let the syncs read again, or take single runs back with `tenon runs undo`.',
      details: { data },
    });
  }
  output.line();
  output.line(
    `Records become what they were at ${formatTime(data.since)} UTC, of ${formatCount(data.connections)} connections: ` +
      `${formatCount(data.recordsRestored)} restored, ${formatCount(data.recordsDeleted)} deleted, what ` +
      `${formatCount(data.runs)} runs did is taken back.`,
  );
  if (data.runsCancelled > 0) output.line(`${formatCount(data.runsCancelled)} unfinished runs are cancelled.`);
  output.line('No sync of this environment begins meanwhile; then they go on from their earlier cursors.');
}

async function confirmRollback(context: CommandContext, { version, url }: { version: number; url: string }) {
  if (!context.isInteractive) {
    throw new TenonError('input_needed', 'A rollback has to be confirmed, and there is no terminal to ask on.', {
      hint: 'Pass --yes.',
    });
  }
  const { confirm } = await import('@inquirer/prompts');
  const isSure = await confirm({ message: `Activate version ${version} at ${url}?` }, { signal: context.signal });
  if (!isSure) throw new TenonError('interrupted', 'Nothing was changed.');
}

async function findPrevious(server: ApiClient, signal: AbortSignal): Promise<number> {
  const { items } = await server.listDeployments({ limit: 100, signal });
  const active = items.find((item) => item.active)?.version;
  const earlier = items.map((item) => item.version).filter((version) => active !== undefined && version < active);
  if (earlier.length > 0) return Math.max(...earlier);
  throw new TenonError('not_found', 'There is no earlier version to go back to.', { hint: 'Run `tenon versions`.' });
}
