import { sql, type Kysely } from 'kysely';
import type { Overlap } from '@tenon/runtime/contract';
import type { Schema } from '../../../database/schema.ts';
import type { Schedule } from '../next-run.ts';
import { anchorMs } from './anchor-ms.ts';

export interface DueSync {
  readonly id: number | string;
  readonly environment_id: number;
  readonly connection_id: number | string;
  readonly integration: string;
  readonly sync: string;
  readonly schedule: Schedule | null;
  readonly overlap: Overlap;
  readonly next_run_at: Date;
  readonly last_run_id: string | null;
  readonly anchor_ms: number;
  readonly active_version: number;
}

/**
 * Locks what is due, the longest due first, leaving what another server holds to it. The lock lets foreign keys be
 * checked meanwhile, so a run may be inserted by hand.
 */
export async function takeDueSyncs(
  database: Kysely<Schema>,
  { now, limit }: { now: Date; limit: number },
): Promise<DueSync[]> {
  const { rows } = await sql<DueSync>`
    select s.id, s.environment_id, s.connection_id, s.integration, s.sync,
      coalesce(s.schedule_override, s.schedule) as schedule, s.overlap, s.next_run_at, s.last_run_id,
      ${anchorMs} as anchor_ms, e.active_version
    from syncs s join environments e on e.id = s.environment_id join connections c on c.id = s.connection_id
    where s.next_run_at <= ${now} and not s.paused and s.waits_for is null
    order by s.next_run_at limit ${limit}
    for no key update of s skip locked`.execute(database);
  return rows;
}
