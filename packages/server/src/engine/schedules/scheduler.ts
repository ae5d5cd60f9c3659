import type { Engine } from '../engine.ts';
import type { Notifications } from '../notifications/notifications.ts';
import type { RunContext } from '../runs/run-context.ts';
import { runPriority } from '../runs/run-priority.ts';
import { findNextRun, type Schedule } from './next-run.ts';
import { findNextDue } from './queries/find-next-due.ts';
import { startDueRuns, type DueRun } from './queries/start-due-runs.ts';
import { takeDueSyncs, type DueSync } from './queries/take-due-syncs.ts';
import { scheduleChannel } from './schedule-channel.ts';

export interface SchedulerContext {
  readonly run: RunContext;
  readonly engine: Pick<Engine, 'enqueue'>;
  readonly notifications: Notifications;
  /** How often to look although nothing seems due, in milliseconds: for a wake-up that was lost. */
  readonly pollMs: number;
}

export interface Scheduler {
  start(): Promise<void>;
  /** Starts what is due now. @returns how many runs were queued */
  tick(): Promise<number>;
  stop(): Promise<void>;
}

const batchSize = 500;
/** What comes due within this is taken together: 200 schedules out of step need some 20 looks a second at the most. */
const shortestPauseMs = 50;

/**
 * Turns schedules into runs. It sleeps until the earliest `next_run_at` of all syncs and is woken when a schedule
 * changes. Due syncs are locked, skipping those that another server has locked; their runs are inserted and their next
 * times set in the same transaction. The engine is told afterwards: if this process dies in between, the runs are
 * queued rows that the reaper tells it of. A sync with an unfinished run is skipped until its next tick.
 */
export function createScheduler(context: SchedulerContext): Scheduler {
  const { run: runs, engine } = context;
  let timer: NodeJS.Timeout | undefined;
  let subscription: { close(): Promise<void> } | undefined;
  let ticking: Promise<void> | undefined;
  let wanted = false;
  const stopped = new AbortController();

  async function tick(): Promise<number> {
    let started = 0;
    for (;;) {
      const { taken, jobs } = await startDue();
      await engine.enqueue(...jobs);
      started += jobs.length;
      if (taken < batchSize) return started;
    }
  }

  async function startDue() {
    const now = new Date(runs.now());
    return await runs.database.transaction().execute(async (transaction) => {
      const syncs = await takeDueSyncs(transaction, { now, limit: batchSize });
      if (syncs.length === 0) return { taken: 0, jobs: [] };
      const due = syncs.map((sync) => plan(sync, now));
      const queued = await startDueRuns(transaction, { due, now });
      for (const { runId, sync } of due) {
        if (queued.has(runId)) continue;
        const { integration, sync: name, connection_id } = sync;
        runs.log.debug({ integration, sync: name, connectionId: connection_id }, 'skipped: its last run is unfinished');
      }
      const jobs = due
        .filter(({ runId }) => queued.has(runId))
        .map(({ runId, trigger }) => ({ runId, priority: runPriority(trigger) }));
      return { taken: syncs.length, jobs };
    });
  }

  function plan(sync: DueSync, now: Date): DueRun {
    const { schedule, next_run_at: due } = sync;
    return {
      runId: runs.newRunId(),
      sync,
      // Somebody connected an account a moment ago and looks at the screen.
      trigger: sync.last_run_id === null ? 'connect' : 'schedule',
      nextRunAt: schedule && nextRun(schedule, { due, now }),
    };
  }

  /** What is stored was readable when it was declared; should it not be any more, the others must still run. */
  function nextRun(schedule: Schedule, times: { due: Date; now: Date }): Date | null {
    try {
      return findNextRun(schedule, times) ?? null;
    } catch (error) {
      runs.log.error({ err: error, schedule }, 'a schedule cannot be read; it will not come due again');
      return null;
    }
  }

  function wake(): void {
    wanted = true;
    if (ticking || stopped.signal.aborted) return;
    ticking = work().finally(() => {
      ticking = undefined;
      if (wanted) wake();
    });
  }

  async function work(): Promise<void> {
    clearTimeout(timer);
    wanted = false;
    let pauseMs = context.pollMs;
    try {
      await tick();
      const next = await findNextDue(runs.database);
      if (next) pauseMs = Math.min(pauseMs, Math.max(next.getTime() - runs.now(), shortestPauseMs));
    } catch (error) {
      runs.log.error({ err: error }, 'due syncs could not be started; trying again');
    }
    if (stopped.signal.aborted) return;
    clearTimeout(timer);
    timer = setTimeout(wake, pauseMs);
    timer.unref();
  }

  return {
    tick,
    async start() {
      subscription = await context.notifications.listen(scheduleChannel, { onMessage: wake, onReconnect: wake });
      wake();
    },
    async stop() {
      stopped.abort();
      clearTimeout(timer);
      await subscription?.close();
      await ticking;
    },
  };
}
