import { sql, type Kysely } from 'kysely';
import type { QuarantinedText } from '@tenon/runtime/execute';
import type { Schema } from '../../../database/schema.ts';

/** A page of what a sync has in quarantine, oldest first. */
export async function selectQuarantinedTexts(
  database: Kysely<Schema>,
  { syncId, after, limit }: { syncId: number | string; after: number; limit: number },
): Promise<QuarantinedText[]> {
  const { rows } = await sql<{ id: number | string; model: string; json: string; observed_ms: number }>`
    select q.id, d.model, q.data::text as json,
      floor(extract(epoch from q.created_at) * 1000)::float8 as observed_ms
    from quarantine q join datasets d on d.id = q.dataset_id
    where q.sync_id = ${syncId} and q.id > ${after} order by q.id limit ${limit}`.execute(database);
  return rows.map(({ id, model, json, observed_ms: observedMs }) => ({ id: Number(id), model, json, observedMs }));
}
