import { sql, type Transaction } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import type { SealedColumn } from '../sealed-columns.ts';

export interface OlderEnvelope {
  readonly row: number;
  readonly envelope: Buffer;
}

/**
 * The next envelopes of a column that another key than `current` encrypted, locked. Rows that somebody else holds, such
 * as a renewal that waits for its provider, are left to a later pass: nobody waits for a rotation, nor it for them.
 */
export async function lockOlderEnvelopes(
  transaction: Transaction<Schema>,
  options: { place: SealedColumn; current: Buffer; after: number; limit: number },
): Promise<OlderEnvelope[]> {
  const { table, column, row } = options.place;
  const { rows } = await sql<OlderEnvelope>`
    select ${sql.ref(row)} as row, ${sql.ref(column)} as envelope from ${sql.table(table)}
    where ${sql.ref(row)} > ${options.after} and ${sql.ref(column)} is not null
      and substring(${sql.ref(column)} from 2 for 4) <> ${options.current}
    order by ${sql.ref(row)} limit ${options.limit}
    for no key update skip locked`.execute(transaction);
  return rows;
}
