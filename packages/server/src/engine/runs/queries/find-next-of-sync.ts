import { sql, type Kysely } from 'kysely';
import type { Run } from '@tenon/runtime/contract';
import type { Schema } from '../../../database/schema.ts';

/** The first queued run of each lane of a sync that does not wait for a time. */
export async function findNextOfSync(
  database: Kysely<Schema>,
  { syncId, now }: { syncId: number | string; now: Date },
): Promise<Array<{ id: string; trigger: Run['trigger'] }>> {
  const { rows } = await sql<{ id: string; trigger: Run['trigger'] }>`
    select distinct on (lane) id, trigger from runs
    where sync_id = ${syncId} and status = 'queued' and not side_by_side
      and (not_before is null or not_before <= ${now})
    order by lane, id`.execute(database);
  return rows;
}
