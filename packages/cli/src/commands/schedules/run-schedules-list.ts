import type { SyncStatus } from '@tenon/runtime/contract';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { formatStatus } from '../../output/format-run.ts';
import { formatTime } from '../../output/format-time.ts';

export interface SchedulesListFlags extends TargetFlags {
  readonly integration?: string;
  readonly connection?: string;
  readonly limit: number;
}

/** Lists the syncs of connections with their schedules. */
export async function runSchedulesList(context: CommandContext, flags: SchedulesListFlags): Promise<void> {
  const { output, signal } = context;
  const { integration, connection, limit } = flags;
  await withServer(context, flags, async (server) => {
    const query = { integration, connection, limit: Math.min(limit, 1_000) };
    const { items, nextCursor } = await server.listSyncs({ ...query, signal });
    if (items.length === 0) output.line('No syncs.');
    else {
      output.table(items, [
        { title: 'SYNC', value: (one) => `${one.integration}/${one.sync}` },
        { title: 'CONNECTION', value: (one) => one.connection },
        { title: 'SCHEDULE', value: describeSchedule },
        { title: 'NEXT RUN', value: (one) => describeNext(one, output.colors) },
        { title: 'LAST RUN', value: ({ lastRun }) => (lastRun ? formatStatus(lastRun) : '') },
      ]);
      if (nextCursor !== null) output.note('There are more: pass --limit.');
    }
    output.result({ items, nextCursor });
  });
}

function describeSchedule({ schedule, scheduleSource }: SyncStatus): string {
  if (schedule === null) return 'when triggered';
  return scheduleSource === 'connection' ? `${schedule} (its own)` : schedule;
}

function describeNext(sync: SyncStatus, colors: CommandContext['output']['colors']): string {
  if (sync.paused) return colors.yellow('paused');
  if (sync.waitsFor === 'preview') return colors.dim('off in previews');
  if (sync.waitsFor !== null) return colors.yellow('waits for its customer to connect again');
  return sync.nextRunAt === null ? '' : formatTime(sync.nextRunAt);
}
