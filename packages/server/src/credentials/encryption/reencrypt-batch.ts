import { TenonError } from '@tenon/runtime/errors';
import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';
import { decrypt, encrypt } from '../envelope.ts';
import type { Keyring } from '../keyring.ts';
import { lockOlderEnvelopes } from './queries/lock-older-envelopes.ts';
import { swapEnvelopes, type EnvelopeSwap } from './queries/swap-envelopes.ts';
import type { SealedColumn } from './sealed-columns.ts';

/** Locks are held for about 10 ms. */
const batchRows = 100;

export interface ReencryptedBatch {
  /** The last row that was looked at; undefined: there are no more. */
  readonly last: number | undefined;
  readonly swapped: number;
  /** Rows whose envelope does not open; they stay as they are. */
  readonly broken: readonly number[];
}

/** Re-encrypts the next envelopes of a column, all of them or none. */
export function reencryptBatch(
  { database, keyring }: { database: Kysely<Schema>; keyring: Keyring },
  { place, after }: { place: SealedColumn; after: number },
): Promise<ReencryptedBatch> {
  return database.transaction().execute(async (transaction) => {
    const current = keyring.current.id;
    const found = await lockOlderEnvelopes(transaction, { place, current, after, limit: batchRows });
    const swaps: EnvelopeSwap[] = [];
    const broken: number[] = [];
    for (const { row, envelope } of found) {
      const at = { keyring, place: { table: place.table, column: place.column, row } };
      try {
        swaps.push({ row, old: envelope, fresh: encrypt(await decrypt(envelope, at), at) });
      } catch (error) {
        if (!(error instanceof TenonError && error.code === 'decryption_failed')) throw error;
        broken.push(row);
      }
    }
    const swapped = swaps.length === 0 ? 0 : await swapEnvelopes(transaction, { place, swaps });
    return { last: found.at(-1)?.row, swapped, broken };
  });
}
