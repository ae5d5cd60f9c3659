import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

export interface StoredCapture {
  readonly id: number | string;
  readonly capture: Buffer;
}

export async function findCapture(database: Kysely<Schema>, runId: string): Promise<StoredCapture | undefined> {
  const { rows } = await sql<StoredCapture>`
    select id, capture from run_captures where run_id = ${runId}::uuid`.execute(database);
  return rows[0];
}
