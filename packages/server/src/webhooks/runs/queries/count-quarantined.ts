import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** How many records of a sync are in quarantine, by model. */
export async function countQuarantined(
  database: Kysely<Schema>,
  syncId: number,
): Promise<Array<{ model: string; count: number }>> {
  const { rows } = await sql<{ model: string; count: number }>`
    select d.model, count(*)::int as count
    from quarantine q join datasets d on d.id = q.dataset_id
    where q.sync_id = ${syncId}
    group by d.model
    order by d.model`.execute(database);
  return rows;
}
