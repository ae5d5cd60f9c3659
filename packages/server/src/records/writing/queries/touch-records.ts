import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import type { RecordBatch } from '../record-batch.ts';

/**
 * Notes for records that a page found as they are stored when they were observed last, and their version. That is no
 * change: no position is taken.
 */
export async function touchRecords(
  transaction: Kysely<Schema>,
  options: { datasetId: number; batch: RecordBatch },
): Promise<void> {
  const { datasetId, batch } = options;
  await sql`
    with confirmed as (
      select stored.tid, incoming.observed_ms::bigint as observed_ms, incoming.version
      from unnest(${batch.encodedIds()}::text[], ${batch.observed()}::float8[], ${batch.versions()}::float8[])
        with ordinality as incoming (external_id, observed_ms, version, place)
      join lateral (
        select ctid as tid, hash, deleted_at, observed_ms from records
        where dataset_id = ${datasetId}::bigint and external_id = incoming.external_id limit 1
      ) stored on stored.observed_ms < incoming.observed_ms
        and stored.hash = substring(${batch.hashes}::bytea from ((incoming.place - 1) * 16 + 1)::int for 16)
        and (stored.deleted_at is not null)
          = (get_byte(${batch.deletedFlags()}::bytea, (incoming.place - 1)::int) = 1)
    )
    update records r set observed_ms = confirmed.observed_ms, version = greatest(r.version, confirmed.version)
    from confirmed where r.ctid = confirmed.tid`.execute(transaction);
}
