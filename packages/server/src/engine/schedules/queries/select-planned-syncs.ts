import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import type { Schedule } from '../next-run.ts';
import { anchorMs } from './anchor-ms.ts';

export interface PlannedRow {
  readonly id: number | string;
  readonly schedule: Schedule;
  readonly anchor_ms: number;
  readonly next_run_at: Date;
}

/** Syncs that are due later, in the order of their ids; locked, those that somebody else changes are left out. */
export async function selectPlannedSyncs(
  database: Kysely<Schema>,
  { now, after, limit, lock }: { now: Date; after: number | string; limit: number; lock: boolean },
): Promise<PlannedRow[]> {
  const { rows } = await sql<PlannedRow>`
    select s.id, coalesce(s.schedule_override, s.schedule) as schedule, s.next_run_at, ${anchorMs} as anchor_ms
    from syncs s join connections c on c.id = s.connection_id
    where s.id > ${after} and s.next_run_at > ${now} and coalesce(s.schedule_override, s.schedule) is not null
    order by s.id limit ${limit}
    ${lock ? sql`for no key update of s skip locked` : sql``}`.execute(database);
  return rows;
}
