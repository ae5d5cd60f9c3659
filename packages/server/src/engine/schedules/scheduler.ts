import type { Engine } from '../engine.ts';
import type { Notifications } from '../notifications/notifications.ts';
import type { RunContext } from '../runs/run-context.ts';
import { createScheduleTicks } from './next-run.ts';
import { findNextDue } from './queries/find-next-due.ts';
import { replanFarRuns } from './replan-far-runs.ts';
import { scheduleChannel } from './schedule-channel.ts';
import { startDue } from './start-due.ts';

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
 * queued rows that the reaper tells it of. Every tick is accounted for: it is a run, or a row of `skipped_ticks`.
 */
export function createScheduler(context: SchedulerContext): Scheduler {
  const { run: runs, engine } = context;
  let timer: NodeJS.Timeout | undefined;
  let subscription: { close(): Promise<void> } | undefined;
  let ticking: Promise<void> | undefined;
  let wanted = false;
  /** Infinite before the first look: the clock may have been set back while no server ran. */
  let lookedAtMs = Number.POSITIVE_INFINITY;
  const ticks = createScheduleTicks();
  const stopped = new AbortController();

  async function tick(): Promise<number> {
    let started = 0;
    await mendPlans();
    for (;;) {
      const { more, jobs } = await startDue({ run: runs, ticks }, { limit: batchSize });
      if (jobs.length > 0) await engine.enqueue(...jobs);
      started += jobs.length;
      if (!more) return started;
    }
  }

  /** When the clock was set back, what was planned before lies too far ahead. */
  async function mendPlans(): Promise<void> {
    const nowMs = runs.now();
    if (nowMs < lookedAtMs) {
      const mended = await replanFarRuns(runs.database, { ticks, now: new Date(nowMs) });
      if (mended > 0) runs.log.warn({ syncs: mended }, 'the clock was set back: schedules were planned again');
    }
    lookedAtMs = nowMs;
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
