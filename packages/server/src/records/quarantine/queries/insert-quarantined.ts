import { sql, type Kysely } from 'kysely';
import type { QuarantinedRecord } from '@tenon/runtime/execute';
import type { Schema } from '../../../database/schema.ts';
import { toJsonbText } from '../../../database/to-jsonb-text.ts';

/**
 * Puts records into quarantine; one that is there already, as it is, gets its problems and its run anew. Of a record
 * with an id only what was saved last is kept.
 * @param options.records with the first 16 bytes of SHA-256 over their JSON
 * @returns by how many the quarantine grew
 */
export async function insertQuarantined(
  transaction: Kysely<Schema>,
  options: {
    datasetId: number;
    syncId: number;
    runId: string;
    records: ReadonlyArray<QuarantinedRecord & { hash: Buffer }>;
    now: Date;
  },
): Promise<number> {
  const { datasetId, syncId, runId, records, now } = options;
  const ids = records.map(({ id }) => id);
  const hashes = records.map(({ hash }) => hash);
  const { rows } = await sql<{ grown: number }>`
    with outdated as (
      delete from quarantine q
      using unnest(${ids}::text[], ${hashes}::bytea[]) as incoming (external_id, hash)
      where q.dataset_id = ${datasetId}::bigint and q.external_id = incoming.external_id
        and q.hash <> all(${hashes}::bytea[])
      returning q.id
    ), written as (
      insert into quarantine (dataset_id, sync_id, run_id, external_id, data, hash, problems, created_at)
      select ${datasetId}::bigint, ${syncId}::bigint, ${runId}::uuid, external_id, data::json, hash, problems::jsonb,
        ${now}::timestamptz
      from unnest(${ids}::text[], ${records.map(({ json }) => json)}::text[], ${hashes}::bytea[],
        ${records.map(({ problems }) => toJsonbText(problems))}::text[])
        as incoming (external_id, data, hash, problems)
      on conflict (dataset_id, hash) do update
      set run_id = excluded.run_id, sync_id = excluded.sync_id, problems = excluded.problems,
        created_at = excluded.created_at
      returning xmax = 0 as is_new
    )
    select (select count(*) filter (where is_new) from written)::int
      - (select count(distinct id) from outdated)::int as grown`.execute(transaction);
  return rows[0]?.grown ?? 0;
}
