import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** A page of the ids that a hold would delete, in their order. */
export async function selectHeldIds(
  database: Kysely<Schema>,
  options: { holdId: number; after: string | undefined; limit: number },
): Promise<string[]> {
  const { holdId, after, limit } = options;
  const { rows } = await sql<{ id: string }>`
    select distinct id from held_records cross join unnest(external_ids) id
    where hold_id = ${holdId}::bigint ${after === undefined ? sql`` : sql`and id > ${after}`}
    order by id limit ${limit}::int`.execute(database);
  return rows.map(({ id }) => id);
}
