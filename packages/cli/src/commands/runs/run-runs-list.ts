import type { RunStatus } from '@tenon/runtime/contract';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { formatCounts, formatDuration, formatStatus, runDurationMs } from '../../output/format-run.ts';
import { formatTime } from '../../output/format-time.ts';

export interface RunsListFlags extends TargetFlags {
  readonly integration?: string;
  readonly connection?: string;
  readonly function?: string;
  readonly status?: RunStatus;
  readonly limit: number;
}

/** Lists runs, the newest first. */
export async function runRunsList(context: CommandContext, flags: RunsListFlags): Promise<void> {
  const { output, signal } = context;
  const { integration, connection, function: functionName, status, limit } = flags;
  await withServer(context, flags, async (server) => {
    const query = { integration, connection, function: functionName, status };
    const { items, nextCursor } = await server.listRuns({ ...query, limit: Math.min(limit, 1_000), signal });
    if (items.length === 0) output.line('No runs.');
    else {
      output.table(items, [
        { title: 'ID', value: (run) => run.id },
        { title: 'FUNCTION', value: (run) => `${run.integration}/${run.function}` },
        { title: 'CONNECTION', value: (run) => run.connection },
        {
          title: 'STATUS',
          value: (run) => {
            const status = formatStatus(run);
            return run.status === 'succeeded' ? status : output.colors.yellow(status);
          },
        },
        { title: 'RECORDS', value: (run) => (run.kind === 'sync' ? formatCounts(run, output.colors) : '') },
        { title: 'CREATED', value: (run) => formatTime(run.createdAt) },
        {
          title: 'TOOK',
          align: 'right',
          value: (run) => {
            const ms = runDurationMs(run);
            return ms === undefined ? '' : formatDuration(ms);
          },
        },
      ]);
      if (nextCursor !== null) output.note('There are more: pass --limit.');
    }
    output.result({ items, nextCursor });
  });
}
