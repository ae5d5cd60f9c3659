import { sql, type Transaction } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import type { SealedColumn } from '../sealed-columns.ts';

export interface EnvelopeSwap {
  readonly row: number;
  readonly old: Buffer;
  readonly fresh: Buffer;
}

/** Puts fresh envelopes in the place of old ones, only where the old one still lies. @returns how many it did */
export async function swapEnvelopes(
  transaction: Transaction<Schema>,
  { place, swaps }: { place: SealedColumn; swaps: readonly EnvelopeSwap[] },
): Promise<number> {
  const { table, column, row } = place;
  const result = await sql`
    update ${sql.table(table)} as target set ${sql.ref(column)} = swap.fresh
    from unnest(${swaps.map((swap) => swap.row)}::bigint[], ${swaps.map(({ old }) => old)}::bytea[],
      ${swaps.map(({ fresh }) => fresh)}::bytea[]) as swap (id, old, fresh)
    where ${sql.ref(`target.${row}`)} = swap.id and ${sql.ref(`target.${column}`)} = swap.old`.execute(transaction);
  return Number(result.numAffectedRows ?? 0n);
}
