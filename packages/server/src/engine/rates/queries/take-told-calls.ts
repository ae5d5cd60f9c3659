import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import { databaseNow } from './database-now.ts';

export interface ToldTake {
  readonly key: string;
  readonly wanted: number;
  /** Of the limit, what this taker leaves to others: 0 to 1. */
  readonly reservedShare: number;
  readonly nowMs?: number | undefined;
}

export interface ToldCalls {
  readonly granted: number;
  readonly waitMs: number;
  /** false: nothing is known of a limit any more. */
  readonly isLimited: boolean;
}

/**
 * Takes calls of what the provider said is left. After the reset the next window is taken to be as large and as long as
 * the one before, until an answer says better.
 */
export async function takeToldCalls(database: Kysely<Schema>, take: ToldTake): Promise<ToldCalls> {
  const { key, wanted, reservedShare } = take;
  const { rows } = await sql<{ granted: number; wait_ms: number; is_limited: boolean }>`
    update rate_budgets as budget
    set (granted, remaining, resets_at, is_guess, used_at) = (
      select given.calls, left_over.calls - given.calls, left_over.resets_at,
        budget.is_guess or coalesce(budget.resets_at <= clock.now, false), now()
      from (select ${databaseNow(take.nowMs)} as now) clock
      cross join lateral (
        select
          case when budget.resets_at <= clock.now then budget.call_limit else budget.remaining end as calls,
          case when budget.resets_at <= clock.now then clock.now + greatest(1000, budget.period_ms)
            else budget.resets_at end as resets_at
      ) left_over
      cross join lateral (
        select case
          when budget.blocked_until > clock.now then 0
          when left_over.calls is null then ${wanted}::float8
          else greatest(0, least(${wanted}, floor(left_over.calls - floor(coalesce(budget.call_limit, 0) * ${reservedShare}))))
        end as calls
      ) given
    )
    where key = ${key}
    returning granted, remaining is not null or blocked_until > ${databaseNow(take.nowMs)} as is_limited,
      greatest(1, greatest(blocked_until, case when remaining is null then null else resets_at end)
        - ${databaseNow(take.nowMs)}) as wait_ms`.execute(database);
  const [row] = rows;
  if (!row) return { granted: wanted, waitMs: 0, isLimited: false };
  return { granted: row.granted, waitMs: row.granted > 0 ? 0 : row.wait_ms, isLimited: row.is_limited === true };
}
