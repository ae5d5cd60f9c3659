import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** Locks a sync until the transaction ends. Comes before its datasets, and they before the run's own row. */
export async function lockSync(transaction: Kysely<Schema>, syncId: number): Promise<void> {
  await sql`select from syncs where id = ${syncId}::bigint for no key update`.execute(transaction);
}
