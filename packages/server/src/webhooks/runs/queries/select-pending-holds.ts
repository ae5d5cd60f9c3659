import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

export interface ToldHold {
  readonly id: number;
  readonly model: string;
  /** Deletions that wait for approval. */
  readonly records: number;
  /** Records that were live when they were held. */
  readonly live: number;
}

/** Deletions of a run that wait for a decision. */
export async function selectPendingHolds(database: Kysely<Schema>, runId: string): Promise<ToldHold[]> {
  const { rows } = await sql<ToldHold>`
    select h.id::int as id, d.model, h.record_count as records, h.live_count::float8 as live
    from holds h join datasets d on d.id = h.dataset_id
    where h.run_id = ${runId} and h.status = 'pending'
    order by h.id`.execute(database);
  return rows;
}
