import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import { budgetChannel } from '../budget-channel.ts';
import { databaseNow } from './database-now.ts';

export interface LearnedFacts {
  readonly key: string;
  readonly limit: number | null;
  /** Only with `resetInMs`. */
  readonly remaining: number | null;
  readonly resetInMs: number | null;
  /** No calls for so long. */
  readonly blockMs: number | null;
  readonly nowMs?: number | undefined;
}

/** Resets that lie no further apart belong to the same window: providers round them to seconds. */
const sameWindowMs = 2_000;

/**
 * Notes what an answer said, and tells the other servers that there is a limit. Answers come out of order, so within a
 * window the fewest calls left count, and what is said of a window that is over does not.
 */
export async function learnBudget(database: Kysely<Schema>, facts: LearnedFacts): Promise<void> {
  const { key, limit, remaining, resetInMs, blockMs } = facts;
  const now = databaseNow(facts.nowMs);
  const isCurrent = sql`(excluded.remaining is not null and excluded.resets_at > ${now})`;
  const isNew = sql`(budget.remaining is null or budget.resets_at <= ${now}
    or (not budget.is_guess and excluded.resets_at > budget.resets_at + ${sameWindowMs}))`;
  const isOld = sql`(not budget.is_guess and excluded.resets_at < budget.resets_at - ${sameWindowMs})`;
  await sql`
    with noted as (
      insert into rate_budgets as budget (key, call_limit, remaining, resets_at, period_ms, blocked_until)
      select ${key}, ${limit}::float8, ${remaining}::float8, clock.now + ${resetInMs}::float8, ${resetInMs}::float8,
        clock.now + ${blockMs}::float8
      from (select ${now} as now) clock
      on conflict (key) do update set (call_limit, remaining, resets_at, is_guess) = (
        select
          case when told.counts then coalesce(excluded.call_limit, budget.call_limit) else budget.call_limit end,
          case when not told.counts then budget.remaining when ${isNew} then excluded.remaining
            else least(budget.remaining, excluded.remaining) end,
          case when told.counts then excluded.resets_at else budget.resets_at end,
          budget.is_guess and not told.counts
        from (select ${isCurrent} and (${isNew} or not ${isOld}) as counts) told
      ),
        period_ms = greatest(budget.period_ms, excluded.period_ms),
        blocked_until = greatest(budget.blocked_until, excluded.blocked_until),
        used_at = now()
      returning 1
    )
    select pg_notify(${budgetChannel}, ${key}) from noted`.execute(database);
}
