import type { SyncManifest } from '@tenon/runtime/contract';
import { createCronTicks, type CronTicks } from './cron-ticks.ts';

export type Schedule = NonNullable<SyncManifest['schedule']>;

/** What a sync adds to its schedule. Unix times in milliseconds. */
export interface Grid {
  /** When its connection was made: intervals without a phase count from then. */
  readonly anchorMs: number;
  /** Its part of the jitter. */
  readonly offsetMs: number;
}

export interface TickCount {
  readonly count: number;
  /** The first and the last one; undefined when there is none. */
  readonly firstMs: number | undefined;
  readonly lastMs: number | undefined;
  /** Whether there are more, because the limit came first. */
  readonly more: boolean;
}

/** When schedules are due. Unix times in milliseconds. Everything throws what croner throws at an expression or a time zone that it cannot read. */
export interface ScheduleTicks {
  /** The first time strictly after; undefined: never again. It depends on nothing else, so nothing can drift. */
  next(schedule: Schedule, grid: Grid, afterMs: number): number | undefined;
  /** Those after `afterMs`, up to and including `untilMs`; of a cron expression at most `limit`. */
  count(
    schedule: Schedule,
    grid: Grid,
    range: { readonly afterMs: number; readonly untilMs: number; readonly limit: number },
  ): TickCount;
}

/** More cron expressions than most servers have. */
const keptExpressions = 1_000;

export function createScheduleTicks(): ScheduleTicks {
  const kept = new Map<string, CronTicks>();

  function cronTicks({ expression, timezone }: Extract<Schedule, { type: 'cron' }>): CronTicks {
    const key = `${timezone} ${expression}`;
    const ticks = kept.get(key) ?? createCronTicks(expression, timezone);
    if (kept.size >= keptExpressions) kept.clear();
    kept.set(key, ticks);
    return ticks;
  }

  function next(schedule: Schedule, grid: Grid, afterMs: number): number | undefined {
    if (schedule.type === 'cron') {
      const found = cronTicks(schedule).next(afterMs - grid.offsetMs);
      return found === undefined ? undefined : found + grid.offsetMs;
    }
    const startMs = (schedule.phaseMs ?? grid.anchorMs) + grid.offsetMs;
    return startMs + (Math.floor((afterMs - startMs) / schedule.everyMs) + 1) * schedule.everyMs;
  }

  return {
    next,
    count(schedule, grid, { afterMs, untilMs, limit }) {
      const firstMs = next(schedule, grid, afterMs);
      if (firstMs === undefined || firstMs > untilMs)
        return { count: 0, firstMs: undefined, lastMs: undefined, more: false };
      if (schedule.type === 'interval') {
        const count = Math.floor((untilMs - firstMs) / schedule.everyMs) + 1;
        return { count, firstMs, lastMs: firstMs + (count - 1) * schedule.everyMs, more: false };
      }
      let count = 1;
      let lastMs = firstMs;
      for (;;) {
        const following = next(schedule, grid, lastMs);
        if (following === undefined || following > untilMs) return { count, firstMs, lastMs, more: false };
        if (count >= limit) return { count, firstMs, lastMs, more: true };
        count++;
        lastMs = following;
      }
    },
  };
}
