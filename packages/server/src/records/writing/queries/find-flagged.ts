import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import type { RecordBatch } from '../record-batch.ts';
import { isOlder } from './is-older.ts';

/** Of the records of a batch that say that they are deleted: which are live, and not newer than what is said of them. */
export async function findFlagged(
  transaction: Kysely<Schema>,
  datasetId: number,
  batch: RecordBatch,
): Promise<string[]> {
  const { rows } = await sql<{ external_id: string }>`
    select incoming.external_id
    from unnest(${batch.encodedIds()}::text[], ${batch.observed()}::float8[], ${batch.versions()}::float8[])
      with ordinality as incoming (external_id, observed_ms, version, place)
    join lateral (
      select deleted_at, observed_ms, version from records
      where dataset_id = ${datasetId}::bigint and external_id = incoming.external_id limit 1
    ) stored on stored.deleted_at is null and not ${isOlder}
    where get_byte(${batch.deletedFlags()}::bytea, (incoming.place - 1)::int) = 1`.execute(transaction);
  return rows.map((row) => row.external_id);
}
