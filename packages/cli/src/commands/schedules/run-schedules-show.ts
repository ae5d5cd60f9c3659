import type { Tick } from '@tenon/runtime/contract';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { formatDuration } from '../../output/format-run.ts';
import { formatTime } from '../../output/format-time.ts';
import { readSyncRef, type SyncFlags } from './sync-flags.ts';

const reasons: Record<NonNullable<Tick['reason']>, string> = {
  overlap: 'skipped: an earlier run was unfinished',
  missed: 'missed: the server was down',
  made_up_for: 'made up for by a later run',
  paused: 'skipped: it was paused',
  waits_for_reconnect: 'skipped: its customer had to connect again',
};

/** Shows the times at which a sync was due, the latest first. */
export async function runSchedulesShow(
  context: CommandContext,
  name: string,
  flags: SyncFlags & { limit: number },
): Promise<void> {
  const { output, signal } = context;
  const ref = readSyncRef(name, flags);
  await withServer(context, flags, async (server) => {
    const { items, nextCursor } = await server.listTicks(ref, { limit: Math.min(flags.limit, 1_000), signal });
    if (items.length === 0) output.line('It was not due yet.');
    else {
      output.table(items, [
        { title: 'DUE', value: ({ dueAt }) => formatTime(dueAt) },
        {
          title: 'TIMES',
          align: 'right',
          value: ({ ticks }) => String(ticks),
        },
        { title: 'UNTIL', value: ({ ticks, untilAt }) => (ticks === 1 ? '' : formatTime(untilAt)) },
        {
          title: 'WHAT CAME OF IT',
          value: ({ reason }) => (reason === null ? 'ran' : output.colors.yellow(reasons[reason])),
        },
        { title: 'LATE', align: 'right', value: ({ lateMs }) => (lateMs === null ? '' : formatDuration(lateMs)) },
        { title: 'RUN', value: ({ runId }) => runId ?? '' },
      ]);
      if (nextCursor !== null) output.note('There are more: pass --limit.');
    }
    output.result({ items, nextCursor });
  });
}
