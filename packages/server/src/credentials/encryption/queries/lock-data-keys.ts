import { sql, type Transaction } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** 'tenonkey' in ASCII: one number for all servers of a database, and nobody else's. */
const lock = '8387231305920374137';

/** Until the transaction ends, no other server makes, rewraps or deletes data keys. Servers that start together wait here. */
export async function lockDataKeys(transaction: Transaction<Schema>): Promise<void> {
  await sql`select pg_advisory_xact_lock(${lock}::bigint)`.execute(transaction);
}
