import type { ConfigureCommand } from '../command-list.ts';
import { parseCount } from '../parse-count.ts';
import { addTargetOptions } from '../target-options.ts';
import { parseCursorValue, type CursorValue } from './parse-cursor-value.ts';
import type { SchedulesListFlags } from './run-schedules-list.ts';
import type { SyncFlags } from './sync-flags.ts';

export const configureSchedules: ConfigureCommand = (command, getContext) => {
  addTargetOptions(
    command.command('list', { isDefault: true }).description('list the syncs of connections: when they run next'),
  )
    .option('--integration <name>', 'only of this integration')
    .option('-c, --connection <id>', 'only of this connection')
    .option('--limit <count>', 'how many at most', parseCount, 100)
    .action(async (flags: SchedulesListFlags) => {
      const { runSchedulesList } = await import('./run-schedules-list.ts');
      await runSchedulesList(await getContext(), flags);
    });

  /** A subcommand about one sync of one connection. */
  const addSyncCommand = (name: string, description: string) =>
    addTargetOptions(command.command(name).description(description))
      .argument('<integration/sync>', 'such as github/issues')
      .requiredOption('-c, --connection <id>', 'of which connection');

  addSyncCommand('show', 'show when a sync was due, and what came of it')
    .option('--limit <count>', 'how many times at most', parseCount, 20)
    .action(async (name: string, flags: SyncFlags & { limit: number }) => {
      const { runSchedulesShow } = await import('./run-schedules-show.ts');
      await runSchedulesShow(await getContext(), name, flags);
    });

  addSyncCommand('state', 'show what a sync remembers: its cursor and its partitions, and what failed in them').action(
    async (name: string, flags: SyncFlags) => {
      const { runSchedulesState } = await import('./run-schedules-state.ts');
      await runSchedulesState(await getContext(), name, flags);
    },
  );

  addSyncCommand('pause', 'stop a sync from being run by its schedule; a run in flight goes on').action(
    async (name: string, flags: SyncFlags) => {
      const { runSchedulesPause } = await import('./run-schedules-pause.ts');
      await runSchedulesPause(await getContext(), name, { ...flags, paused: true });
    },
  );

  addSyncCommand('resume', 'let a paused sync run by its schedule again').action(
    async (name: string, flags: SyncFlags) => {
      const { runSchedulesPause } = await import('./run-schedules-pause.ts');
      await runSchedulesPause(await getContext(), name, { ...flags, paused: false });
    },
  );

  addSyncCommand('trigger', 'queue a run of a sync now; `tenon run` waits for its end too').action(
    async (name: string, flags: SyncFlags) => {
      const { runSchedulesTrigger } = await import('./run-schedules-trigger.ts');
      await runSchedulesTrigger(await getContext(), name, flags);
    },
  );

  addSyncCommand('set', "give a sync of a connection its own schedule, or the code's again")
    .argument('[schedule...]', 'such as: every 1h, or: cron "0 6 * * 1-5" Europe/Berlin')
    .option('--reset', "the code's schedule again")
    .action(async (name: string, words: string[], flags: SyncFlags & { reset?: boolean }) => {
      const { runSchedulesSet } = await import('./run-schedules-set.ts');
      await runSchedulesSet(await getContext(), { name, words }, flags);
    });

  addSyncCommand('backfill', "read a part of a sync's history again, beside its live runs")
    .requiredOption('--from <value>', "where to begin: a value of the sync's cursor, inclusive", parseCursorValue)
    .option('--until <value>', 'where to end (default: read on to the end)', parseCursorValue)
    .action(async (name: string, flags: SyncFlags & { from: CursorValue; until?: CursorValue }) => {
      const { runSchedulesBackfill } = await import('./run-schedules-backfill.ts');
      await runSchedulesBackfill(await getContext(), name, flags);
    });
};
