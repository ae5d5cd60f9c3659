import { sql, type Kysely } from 'kysely';
import type { OutgoingRecord } from '@tenon/runtime/execute';
import type { Schema } from '../../../database/schema.ts';

/** @returns the ids of the patches whose basis is not what is stored and live */
export async function findConflicts(
  transaction: Kysely<Schema>,
  datasetId: number,
  patches: readonly OutgoingRecord[],
): Promise<string[]> {
  const { rows } = await sql<{ external_id: string }>`
    select patch.external_id
    from unnest(${patches.map(({ id }) => id)}::text[], ${patches.map(({ basis }) => basis ?? '')}::text[])
      as patch (external_id, basis)
    left join lateral (
      select hash from records
      where dataset_id = ${datasetId}::bigint and external_id = patch.external_id and deleted_at is null limit 1
    ) stored on true
    where stored.hash is distinct from decode(patch.basis, 'hex')`.execute(transaction);
  return rows.map((row) => row.external_id);
}
