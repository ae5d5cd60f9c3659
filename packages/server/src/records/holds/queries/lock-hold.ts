import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

export interface LockedHold {
  readonly id: number;
  readonly run_id: string;
  readonly status: 'pending' | 'approved' | 'discarded' | 'superseded';
  readonly created_at: Date;
}

/** Locks a hold until the transaction ends; its dataset must be locked before. */
export async function lockHold(transaction: Kysely<Schema>, id: number): Promise<LockedHold | undefined> {
  const { rows } = await sql<LockedHold>`
    select id, run_id, status, created_at from holds where id = ${id}::bigint for update`.execute(transaction);
  return rows[0];
}
