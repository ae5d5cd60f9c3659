import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';
import { findJitter } from './find-jitter.ts';
import type { Schedule, ScheduleTicks } from './next-run.ts';
import { ticksAtOnce } from './plan-due-sync.ts';
import { insertSkippedTicks, type SkippedTicks } from './queries/insert-skipped-ticks.ts';

export interface ResumedSync {
  readonly id: number | string;
  /** What counts: of the connection, or of the code. */
  readonly schedule: Schedule | null;
  readonly anchor_ms: number;
  /** The first tick that is not accounted for. */
  readonly next_run_at: Date | null;
}

/**
 * Accounts for the ticks of a sync that its schedule did not start, up to now, when that ends: one row for the period, or
 * some where a cron expression had very many.
 * @param database the transaction that has locked the sync
 * @returns its next tick; null: never again
 */
export async function skipPeriod(
  database: Kysely<Schema>,
  sync: ResumedSync,
  { ticks, reason, now }: { ticks: ScheduleTicks; reason: SkippedTicks['reason']; now: Date },
): Promise<Date | null> {
  const { schedule, next_run_at: due } = sync;
  if (!schedule || !due || due > now) return due;
  const grid = { anchorMs: sync.anchor_ms, offsetMs: findJitter(sync.id, schedule) };
  const untilMs = now.getTime();
  let first = due;
  for (;;) {
    const range = { afterMs: first.getTime(), untilMs, limit: ticksAtOnce };
    const { count, lastMs, more } = ticks.count(schedule, grid, range);
    const until = lastMs === undefined ? first : new Date(lastMs);
    const skipped = [{ syncId: sync.id, dueAt: first, untilAt: until, ticks: count + 1, reason, runId: null }];
    await insertSkippedTicks(database, { skipped, now });
    const next = ticks.next(schedule, grid, until.getTime());
    if (next === undefined) return null;
    if (!more) return new Date(next);
    first = new Date(next);
  }
}
