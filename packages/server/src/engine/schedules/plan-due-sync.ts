import type { Overlap } from '@tenon/runtime/contract';
import { findJitter } from './find-jitter.ts';
import type { Schedule, ScheduleTicks } from './next-run.ts';
import { planOverlap, type UnfinishedRun } from './plan-overlap.ts';
import type { SkippedTicks } from './queries/insert-skipped-ticks.ts';

/** A run that is so late was started by its schedule; a later one was missed. Twice what the scheduler sleeps at most. */
const onTimeMs = 10_000;
/** Ticks of a cron expression that are counted at once; what is left is taken up with the next batch. */
export const ticksAtOnce = 5_000;

export interface DueFacts {
  readonly id: number | string;
  readonly schedule: Schedule | null;
  readonly overlap: Overlap;
  readonly anchor_ms: number;
  /** The first tick that is not accounted for. */
  readonly next_run_at: Date;
}

export interface PlannedSync {
  /** Absent: no run. */
  readonly run?: {
    readonly dueAt: Date;
    readonly sideBySide: boolean;
    readonly waits: boolean;
    readonly cancel: readonly string[];
  };
  readonly skipped: readonly SkippedTicks[];
  /** null: never again. */
  readonly nextRunAt: Date | null;
}

/**
 * What becomes of a due sync, and of each of its ticks up to now: the latest one is a run, unless one is in the way or it
 * is later than the schedule's `catchUp` allows; those before it are skipped, and it is said why.
 */
export function planDueSync(
  sync: DueFacts,
  {
    ticks,
    unfinished,
    runId,
    now,
  }: { ticks: ScheduleTicks; unfinished: readonly UnfinishedRun[]; runId: string; now: Date },
): PlannedSync {
  const nowMs = now.getTime();
  const dueMs = sync.next_run_at.getTime();
  const { schedule } = sync;
  if (!schedule) return decide({ firstMs: dueMs, lastMs: dueMs, count: 1 }, null);
  const grid = { anchorMs: sync.anchor_ms, offsetMs: findJitter(sync.id, schedule) };
  const windowMs = Math.max(schedule.catchUpMs ?? Number.POSITIVE_INFINITY, onTimeMs);
  const oldestMs = nowMs - windowMs;

  // Ticks up to `oldestMs` (exclusive) are missed; they are a row of their own.
  const missed = dueMs < oldestMs ? withFirst(count(dueMs, oldestMs - 1)) : undefined;
  if (missed?.more) return { skipped: [toRow(missed, 'missed', null)], nextRunAt: nextAfter(missed.lastMs) };
  const first = missed ? nextMs(missed.lastMs) : dueMs;
  const before = missed ? [toRow(missed, 'missed', null)] : [];
  if (first === undefined || first > nowMs)
    return { skipped: before, nextRunAt: first === undefined ? null : new Date(first) };
  const left = count(first, nowMs);
  const span = { firstMs: first, lastMs: left.lastMs ?? first, count: left.count + 1 };
  if (left.more) {
    // Too many to count at once: the run comes with the last of them.
    return { skipped: [...before, toRow(span, 'made_up_for', null)], nextRunAt: nextAfter(span.lastMs) };
  }
  const decided = decide(span, nextAfter(nowMs));
  return { ...decided, skipped: [...before, ...decided.skipped] };

  function count(afterMs: number, untilMs: number) {
    if (!schedule) return { count: 0, lastMs: undefined, more: false };
    return ticks.count(schedule, grid, { afterMs, untilMs, limit: ticksAtOnce });
  }
  function withFirst(following: { count: number; lastMs: number | undefined; more: boolean }) {
    return { firstMs: dueMs, lastMs: following.lastMs ?? dueMs, count: following.count + 1, more: following.more };
  }
  function nextMs(afterMs: number): number | undefined {
    return schedule ? ticks.next(schedule, grid, afterMs) : undefined;
  }
  function nextAfter(afterMs: number): Date | null {
    const found = nextMs(afterMs);
    return found === undefined ? null : new Date(found);
  }
  function toRow(span: Span, reason: SkippedTicks['reason'], by: string | null): SkippedTicks {
    return {
      syncId: sync.id,
      dueAt: new Date(span.firstMs),
      untilAt: new Date(span.lastMs),
      ticks: span.count,
      reason,
      runId: by,
    };
  }
  function decide(span: Span, nextRunAt: Date | null): PlannedSync {
    const verdict = planOverlap(sync.overlap, unfinished);
    if (verdict.inTheWay !== undefined) return { skipped: [toRow(span, 'overlap', verdict.inTheWay)], nextRunAt };
    const { sideBySide, waits, cancel } = verdict;
    const run = { dueAt: new Date(span.lastMs), sideBySide, waits, cancel };
    if (span.count === 1) return { run, skipped: [], nextRunAt };
    const earlier = { firstMs: span.firstMs, lastMs: previousOf(span), count: span.count - 1 };
    return { run, skipped: [toRow(earlier, 'made_up_for', runId)], nextRunAt };
  }
  function previousOf(span: Span): number {
    if (!schedule || span.count === 2) return span.firstMs;
    if (schedule.type === 'interval') return span.lastMs - schedule.everyMs;
    return count(span.firstMs, span.lastMs - 1).lastMs ?? span.firstMs;
  }
}

interface Span {
  readonly firstMs: number;
  readonly lastMs: number;
  readonly count: number;
}
