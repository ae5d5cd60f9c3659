import { sql, type Transaction } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** The channel on which servers hear of new data keys. */
export const dataKeyChannel = 'tenon_data_keys';

/**
 * The wall clock rather than now(): a transaction that waited for the lock began before the key of the one before it
 * was made, and the newest key is the one that encrypts.
 */
export async function insertDataKey(
  transaction: Transaction<Schema>,
  { id, wrapped }: { id: Buffer; wrapped: Buffer },
): Promise<void> {
  await sql`
    with made as (
      insert into data_keys (id, wrapped, created_at) values (${id}, ${wrapped}, clock_timestamp()) returning id
    )
    select pg_notify(${dataKeyChannel}, encode(id, 'hex')) from made`.execute(transaction);
}
