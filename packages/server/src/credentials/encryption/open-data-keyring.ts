import { randomBytes } from 'node:crypto';
import { TenonError } from '@tenon/runtime/errors';
import type { Kysely, Transaction } from 'kysely';
import type { Schema } from '../../database/schema.ts';
import { createKeyring, toKey, type EncryptionKey, type Keyring } from '../keyring.ts';
import { countOlderEnvelopes } from './queries/count-older-envelopes.ts';
import { insertDataKey } from './queries/insert-data-key.ts';
import { lockDataKeys } from './queries/lock-data-keys.ts';
import { selectDataKeys } from './queries/select-data-keys.ts';
import { updateWrappedKey } from './queries/update-wrapped-key.ts';
import { unwrapKey, wrapKey } from './wrapped-key.ts';

/** The server's own keys, 32 bytes each; the first wraps, the others only open what they wrapped before. */
export type MasterKeys = readonly [Buffer, ...Buffer[]];

/** Data keys as they lie in the database, kept in memory, and read again when one is named that is not known yet. */
export interface DataKeyring extends Keyring {
  /** When the key that encrypts was made. */
  readonly currentSince: Date;
  /** Reads the keys again: another server may have made one. */
  refresh(): Promise<void>;
  /** Makes a data key and encrypts with it from then on, within a transaction that holds the keys' lock. */
  addKey(transaction: Transaction<Schema>): Promise<void>;
}

/**
 * Reads the data keys, or makes the first. Those that an earlier master key wrapped are wrapped with the first one.
 * @throws TenonError `decryption_failed` when none of the master keys is the one that this database needs
 */
export async function openDataKeyring(options: {
  database: Kysely<Schema>;
  masterKeys: MasterKeys;
}): Promise<DataKeyring> {
  const { database, masterKeys } = options;
  const master = createKeyring(...masterKeys);
  const masters = masterKeys.map(toKey);
  // What versions before the data keys wrote names the master key itself.
  const known = new Map<string, EncryptionKey>(masters.map((key) => [key.id.toString('hex'), key]));
  let current: EncryptionKey | undefined;
  let currentSince = new Date(0);
  let flight: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  async function read(from: Kysely<Schema>): Promise<void> {
    for (const { id, wrapped, created_at: createdAt } of await selectDataKeys(from)) {
      const key = known.get(id.toString('hex')) ?? (await unwrapKey({ id, wrapped }, master).catch(() => undefined));
      // A server that was started with another master key made it; what it encrypts cannot be read here.
      if (!key) continue;
      known.set(id.toString('hex'), key);
      if (createdAt < currentSince) continue;
      current = key;
      currentSince = createdAt;
    }
  }

  /** Every caller gets a reading that began after it asked: one that is under way may be too old. */
  function refresh(): Promise<void> {
    if (flight) return (next ??= flight.catch(() => undefined).then(start));
    return start();
  }

  function start(): Promise<void> {
    next = undefined;
    flight = read(database).finally(() => (flight = undefined));
    return flight;
  }

  async function addKey(transaction: Transaction<Schema>): Promise<void> {
    const key = toKey(randomBytes(32));
    await insertDataKey(transaction, { id: key.id, wrapped: wrapKey(key, master) });
  }

  await database.transaction().execute(async (transaction) => {
    await lockDataKeys(transaction);
    const rows = await selectDataKeys(transaction);
    for (const row of rows) {
      const key = await unwrapKey(row, master).catch((error: unknown) => {
        throw wrongMasterKey(error);
      });
      if (isWrappedBy(row.wrapped, master.current)) continue;
      await updateWrappedKey(transaction, { id: row.id, wrapped: wrapKey(key, master) });
    }
    if (rows.length > 0) return;
    const older = await countOlderEnvelopes(transaction, { current: master.current.id });
    if ([...older.keys()].some((id) => !known.has(id))) throw wrongMasterKey();
    await addKey(transaction);
  });
  await refresh();

  return {
    get current() {
      if (current) return current;
      throw new TenonError('internal', 'The database has no data key.', { hint: 'Start the server again.' });
    },
    get currentSince() {
      return currentSince;
    },
    async find(id) {
      const name = id.toString('hex');
      if (!known.has(name)) await refresh();
      return known.get(name);
    },
    refresh,
    addKey,
  };
}

/** Bytes 1 to 4 of an envelope name its key. */
function isWrappedBy(wrapped: Buffer, key: EncryptionKey): boolean {
  return wrapped.subarray(1, 5).equals(key.id);
}

function wrongMasterKey(cause?: unknown): TenonError {
  return new TenonError(
    'decryption_failed',
    'TENON_ENCRYPTION_KEY is not the key that the secrets of this database were encrypted with.',
    {
      hint: 'Start the server with that key (without the variable: with the data directory that holds it). To change it, keep the earlier key in TENON_ENCRYPTION_KEY_PREVIOUS.',
      cause,
    },
  );
}
