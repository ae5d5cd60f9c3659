import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import { databaseNow } from './database-now.ts';

export interface WindowTake {
  readonly key: string;
  /** Calls that any interval of `windowMs` may have, for this taker. */
  readonly limit: number;
  readonly windowMs: number;
  /** Calls are counted in slices of the window, so that a row stays small. */
  readonly sliceMs: number;
  readonly wanted: number;
  /** Unix time in milliseconds. Default: the database's clock. */
  readonly nowMs?: number | undefined;
}

export interface TakenCalls {
  readonly granted: number;
  /** Milliseconds until the next calls are free; 0 when some were granted. */
  readonly waitMs: number;
}

/**
 * Takes calls of a declared limit, as many as are free and wanted: in one statement, so that however many servers ask at
 * once, no interval of the window's length sees more than the limit. (A bucket that refills while it is emptied lets
 * through twice as many, which providers that count in windows refuse.)
 */
export async function takeWindowCalls(database: Kysely<Schema>, take: WindowTake): Promise<TakenCalls> {
  const { key, limit, windowMs, sliceMs, wanted } = take;
  const now = databaseNow(take.nowMs);
  const first = Math.min(wanted, limit);
  const { rows } = await sql<{ granted: number; wait_ms: number }>`
    insert into rate_budgets as budget (key, spent_at, spent, granted)
    select ${key}, array[ceil(now / ${sliceMs}) * ${sliceMs}], array[${first}::float8], ${first}
    from (select ${now} as now) clock
    on conflict (key) do update set (spent_at, spent, granted, used_at) = (
      select array_agg(slices.at order by slices.at), array_agg(slices.calls order by slices.at), free.calls, now()
      from (select ${now} as now) clock
      cross join lateral (
        select greatest(0, least(${wanted}, ${limit} - coalesce(sum(old.calls), 0))) as calls
        from unnest(budget.spent_at, budget.spent) old (at, calls)
        where old.at > clock.now - ${windowMs} and old.at <= clock.now + ${sliceMs}
      ) free
      cross join lateral (
        select given.at, sum(given.calls) as calls
        from (
          select old.at, old.calls from unnest(budget.spent_at, budget.spent) old (at, calls)
          where old.at > clock.now - ${windowMs} and old.at <= clock.now + ${sliceMs}
          union all
          select ceil(clock.now / ${sliceMs}) * ${sliceMs}, free.calls
        ) given
        where given.calls > 0
        group by given.at
      ) slices
      group by free.calls
    )
    returning granted, greatest(1, spent_at[1] + ${windowMs} - ${now}) as wait_ms`.execute(database);
  const [row] = rows;
  if (!row) throw new Error('A budget did not answer.');
  return { granted: row.granted, waitMs: row.granted > 0 ? 0 : row.wait_ms };
}
