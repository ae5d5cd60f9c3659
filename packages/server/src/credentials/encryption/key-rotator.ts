import { setTimeout as wait } from 'node:timers/promises';
import type { KeyRotation } from '@tenon/runtime/contract';
import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';
import type { EngineLog } from '../../engine/engine-log.ts';
import type { Notifications } from '../../engine/notifications/notifications.ts';
import type { DataKeyring } from './open-data-keyring.ts';
import { countOlderEnvelopes } from './queries/count-older-envelopes.ts';
import { deleteUnneededKeys } from './queries/delete-unneeded-keys.ts';
import { dataKeyChannel } from './queries/insert-data-key.ts';
import { lockDataKeys } from './queries/lock-data-keys.ts';
import { selectDataKeys } from './queries/select-data-keys.ts';
import { reencryptBatch } from './reencrypt-batch.ts';
import { sealedColumns } from './sealed-columns.ts';

/**
 * Rotation, while everything goes on:
 *
 * 1. A new data key is stored, and every server hears of it; from then on it encrypts. A server that has not heard yet
 *    writes with the older key, which everybody can still read.
 * 2. Passes over every column re-encrypt what names an older key, in small batches that skip rows which are in use,
 *    until nothing is left. There is no list of what was done: an envelope says itself which key it needs, so a killed
 *    rotation is continued by any server, and what a late server wrote is found by the next pass.
 * 3. Keys that nothing names any more are deleted, a day after they were replaced: no server that is alive holds on to
 *    a key for so long.
 *
 * Several servers may work at once; what one has locked, the others skip.
 */
export interface KeyRotator {
  /** Follows the other servers, and continues what they or an earlier process left. */
  start(): Promise<void>;
  /** Makes a new key and starts to re-encrypt, or joins a rotation that is not done yet. */
  rotate(): Promise<KeyRotation>;
  describe(): Promise<KeyRotation>;
  /** Waits for the batch that is under way. */
  stop(): Promise<void>;
}

export interface KeyRotatorOptions {
  readonly database: Kysely<Schema>;
  readonly keyring: DataKeyring;
  readonly notifications: Notifications;
  readonly log: EngineLog;
  /** How long a replaced key is kept at least, in seconds. Default: a day. */
  readonly graceSeconds?: number;
}

const defaultGraceSeconds = 86_400;
/** Until rows that were in use are tried again. */
const passPauseMs = 500;
/** For what a server wrote late with an older key. */
const maintenanceMs = 300_000;

export function createKeyRotator(options: KeyRotatorOptions): KeyRotator {
  const { database, keyring, notifications, log, graceSeconds = defaultGraceSeconds } = options;
  const stopping = new AbortController();
  let subscription: { close(): Promise<void> } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let again = false;
  /** Envelopes that do not open, by column and row: counted as remaining, but nothing waits for them. */
  let broken = new Set<string>();

  async function pass(): Promise<number> {
    let swapped = 0;
    for (const place of sealedColumns) {
      let after: number | undefined = 0;
      while (after !== undefined && !stopping.signal.aborted) {
        const batch = await reencryptBatch({ database, keyring }, { place, after });
        swapped += batch.swapped;
        for (const row of batch.broken) broken.add(`${place.table}.${place.column}, row ${row}`);
        after = batch.last;
      }
    }
    return swapped;
  }

  async function countRemaining(): Promise<number> {
    const older = await countOlderEnvelopes(database, { current: keyring.current.id });
    return [...older.values()].reduce((sum, count) => sum + count, 0);
  }

  async function work(): Promise<void> {
    await keyring.refresh();
    let swapped = 0;
    broken = new Set();
    while (!stopping.signal.aborted && (await countRemaining()) > broken.size) {
      broken = new Set();
      swapped += await pass();
      if ((await countRemaining()) > broken.size) await wait(passPauseMs, undefined, { signal: stopping.signal });
    }
    if (stopping.signal.aborted) return;
    if (broken.size > 0) log.error({ places: [...broken].slice(0, 20) }, 'secrets that no key of this server opens');
    if (swapped > 0) log.info({ keyId: keyring.current.id.toString('hex'), swapped }, 'secrets were re-encrypted');
    await deleteOldKeys();
  }

  async function deleteOldKeys(): Promise<void> {
    const deleted = await database.transaction().execute(async (transaction) => {
      await lockDataKeys(transaction);
      const newest = (await selectDataKeys(transaction)).at(-1);
      if (!newest) return [];
      const older = await countOlderEnvelopes(transaction, { current: newest.id });
      return deleteUnneededKeys(transaction, {
        needed: [...older.keys()].map((id) => Buffer.from(id, 'hex')),
        graceSeconds,
      });
    });
    for (const id of deleted) log.info({ keyId: id.toString('hex') }, 'a data key that nothing needs was deleted');
  }

  /** One piece of work at a time in this process. Never rejects: the next one tries again. */
  function run(): void {
    if (stopping.signal.aborted) return;
    if (running) {
      again = true;
      return;
    }
    again = false;
    running = work()
      .catch((error: unknown) => {
        if (!stopping.signal.aborted) log.error({ err: error }, 'secrets could not be re-encrypted; tried again later');
      })
      .finally(() => {
        running = undefined;
        if (again) run();
      });
  }

  function follow(): void {
    keyring.refresh().catch((error: unknown) => log.warn({ err: error }, 'the data keys could not be read'));
  }

  async function describe(): Promise<KeyRotation> {
    const keys = await selectDataKeys(database);
    return {
      keyId: keyring.current.id.toString('hex'),
      createdAt: keyring.currentSince.toISOString(),
      remaining: await countRemaining(),
      olderKeys: Math.max(0, keys.length - 1),
    };
  }

  return {
    describe,
    async start() {
      subscription = await notifications.listen(dataKeyChannel, { onMessage: follow, onReconnect: follow });
      timer = setInterval(run, maintenanceMs);
      timer.unref();
      run();
    },
    async rotate() {
      await database.transaction().execute(async (transaction) => {
        await lockDataKeys(transaction);
        const newest = (await selectDataKeys(transaction)).at(-1);
        const older = newest ? await countOlderEnvelopes(transaction, { current: newest.id }) : new Map();
        const remaining = [...older.values()].reduce((sum: number, count: number) => sum + count, 0);
        if (remaining <= broken.size) await keyring.addKey(transaction);
      });
      await keyring.refresh();
      run();
      return describe();
    },
    async stop() {
      stopping.abort();
      clearInterval(timer);
      await subscription?.close();
      await running;
    },
  };
}
