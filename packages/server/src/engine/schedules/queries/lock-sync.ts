import { sql, type Kysely } from 'kysely';
import type { Overlap } from '@tenon/runtime/contract';
import type { Schema } from '../../../database/schema.ts';
import type { Schedule } from '../next-run.ts';
import { anchorMs } from './anchor-ms.ts';

export interface LockedSync {
  readonly id: number | string;
  readonly paused: boolean;
  readonly waits_for: 'reconnect' | 'preview' | null;
  /** What counts: of the connection, or of the code. */
  readonly schedule: Schedule | null;
  readonly code_schedule: Schedule | null;
  readonly overlap: Overlap;
  readonly anchor_ms: number;
  readonly next_run_at: Date | null;
}

/** A sync, locked until the end of the transaction. */
export async function lockSync(
  database: Kysely<Schema>,
  names: { environmentId: number; integration: string; connection: string; sync: string },
): Promise<LockedSync | undefined> {
  const { rows } = await sql<LockedSync>`
    select s.id, s.paused, s.waits_for, coalesce(s.schedule_override, s.schedule) as schedule,
      s.schedule as code_schedule, s.overlap, ${anchorMs} as anchor_ms, s.next_run_at
    from syncs s join connections c on c.id = s.connection_id
    where c.environment_id = ${names.environmentId} and c.integration = ${names.integration}
      and c.name = ${names.connection} and s.sync = ${names.sync}
    for no key update of s`.execute(database);
  return rows[0];
}
