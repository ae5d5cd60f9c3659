import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { build } from 'esbuild';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gzipSync } from 'node:zlib';
import type { Run } from '@tenon/runtime/contract';
import { createCaptureStore } from '../../captures/capture-store.ts';
import { sampleCapture } from '../../captures/testing/sample-capture.ts';
import { createTestDatabase, type TestDatabase } from '../../database/testing/create-test-database.ts';
import { ensureEnvironment } from '../../deployments/ensure-environment.ts';
import { createNotifications, type Notifications } from '../../engine/notifications/notifications.ts';
import { decrypt, encrypt } from '../envelope.ts';
import { createKeyring, toKey, type Keyring } from '../keyring.ts';
import { createKeyRotator, type KeyRotator } from './key-rotator.ts';
import { openDataKeyring } from './open-data-keyring.ts';
import { sealedColumns } from './sealed-columns.ts';

const log = pino({ level: 'silent' });
const master = randomBytes(32);
let store: TestDatabase;
let notifications: Notifications;
let closing: (() => Promise<void>)[];

beforeEach(async () => {
  store = await createTestDatabase({ poolSize: 10 });
  notifications = createNotifications({ pool: store.pool, log });
  closing = [];
});
afterEach(async () => {
  for (const close of closing) await close();
  await notifications.close();
  await store.drop();
});

const open = (...keys: [Buffer, ...Buffer[]]) => openDataKeyring({ database: store.database, masterKeys: keys });

function rotatorOf(keyring: Awaited<ReturnType<typeof open>>, graceSeconds?: number): KeyRotator {
  const rotator = createKeyRotator({
    database: store.database,
    keyring,
    notifications,
    log,
    ...(graceSeconds === undefined ? {} : { graceSeconds }),
  });
  closing.push(() => rotator.stop());
  return rotator;
}

async function finished(rotator: KeyRotator): Promise<void> {
  while ((await rotator.describe()).remaining > 0) await wait(5);
}

/** Connections with credentials, and a token that is the count 0. */
async function connect(count: number, keyring: Keyring): Promise<number[]> {
  const environmentId = await ensureEnvironment(store.database, 'dev');
  const ids = Array.from({ length: count }, (_, index) => index + 1);
  const seal = (column: string, text: string) =>
    ids.map((row) => encrypt(text, { keyring, place: { table: 'connections', column, row } }));
  await sql`
    insert into connections (id, environment_id, integration, name, auth_mode, config, credentials, token, settings, metadata)
    overriding system value
    select id, ${environmentId}, 'crm', 'user' || id, 'api_key', '{}', credentials, token, '{}', '{}'
    from unnest(${ids}::bigint[], ${seal('credentials', 'hush')}::bytea[], ${seal('token', '0')}::bytea[])
      as new (id, credentials, token)`.execute(store.database);
  return ids;
}

async function readTokens(keyring: Keyring): Promise<Map<number, number>> {
  const rows = await store.database.selectFrom('connections').select(['id', 'token']).execute();
  const tokens = new Map<number, number>();
  for (const { id, token } of rows) {
    const place = { table: 'connections', column: 'token', row: id };
    tokens.set(id, Number(await decrypt(token ?? Buffer.alloc(0), { keyring, place })));
  }
  return tokens;
}

describe('data keys', () => {
  it('are made once, however many servers start at the same time', async () => {
    const keyrings = await Promise.all(Array.from({ length: 5 }, () => open(master)));
    const [first] = keyrings;
    for (const keyring of keyrings) expect(keyring.current.id).toEqual(first?.current.id);
    expect(await store.database.selectFrom('data_keys').select('id').execute()).toHaveLength(1);
  });

  it('lie in the database encrypted, each bound to its id', async () => {
    const keyring = await open(master);
    const rows = await store.database.selectFrom('data_keys').selectAll().execute();
    expect(rows[0]?.wrapped.includes(keyring.current.bytes)).toBe(false);
    await store.database
      .updateTable('data_keys')
      .set({ id: Buffer.from('01020304', 'hex') })
      .execute();
    await expect(open(master)).rejects.toMatchObject({ code: 'decryption_failed' });
  });

  it('that another server made are found when an envelope names them', async () => {
    const [here, there] = [await open(master), await open(master)];
    await rotatorOf(there).rotate();
    expect(there.current.id).not.toEqual(here.current.id);
    const place = { table: 'variables', column: 'value', row: 1 };
    expect(await decrypt(encrypt('hush', { keyring: there, place }), { keyring: here, place })).toBe('hush');
  });
});

describe('the master key', () => {
  it('that does not fit refuses the start, with what to do', async () => {
    await open(master);
    await expect(open(randomBytes(32))).rejects.toMatchObject({
      code: 'decryption_failed',
      hint: expect.stringContaining('TENON_ENCRYPTION_KEY_PREVIOUS'),
    });
  });

  it('that does not fit what an earlier version wrote refuses the start', async () => {
    await connect(1, createKeyring(master));
    await expect(open(randomBytes(32))).rejects.toMatchObject({ code: 'decryption_failed' });
    expect(await store.database.selectFrom('data_keys').select('id').execute()).toEqual([]);
  });

  it('can be changed: the earlier one is needed for one start', async () => {
    const next = randomBytes(32);
    const before = await open(master);
    await connect(3, before);
    expect((await open(next, master)).current.id).toEqual(before.current.id);
    const after = await open(next);
    expect([...(await readTokens(after)).values()]).toEqual([0, 0, 0]);
    await expect(open(master)).rejects.toMatchObject({ code: 'decryption_failed' });
  });

  it('opens what an earlier version encrypted with it, and the start moves that to a data key', async () => {
    await connect(3, createKeyring(master));
    const keyring = await open(master);
    expect([...(await readTokens(keyring)).values()]).toEqual([0, 0, 0]);
    const rotator = rotatorOf(keyring);
    expect(await rotator.describe()).toMatchObject({ remaining: 6 });
    await rotator.start();
    await finished(rotator);
    const rows = await store.database.selectFrom('connections').select('credentials').execute();
    for (const { credentials } of rows) expect(credentials?.subarray(1, 5)).toEqual(keyring.current.id);
    expect(keyring.current.id).not.toEqual(toKey(master).id);
  });
});

describe('rotation', () => {
  it('knows every column of the database that holds an envelope', async () => {
    const { rows } = await sql<{ place: string }>`
      select table_name || '.' || column_name as place from information_schema.columns
      where table_schema = 'public' and data_type = 'bytea'`.execute(store.database);
    const hashes = /hash$/;
    const known = new Set([
      ...sealedColumns.map(({ table, column }) => `${table}.${column}`),
      'data_keys.id',
      'data_keys.wrapped',
    ]);
    expect(rows.map(({ place }) => place).filter((place) => !known.has(place) && !hashes.test(place))).toEqual([]);
  });

  it('joins the one that is not done yet', async () => {
    const keyring = await open(master);
    const ids = await connect(1, keyring);
    const rotator = rotatorOf(keyring);
    const first = await store.database.transaction().execute(async (transaction) => {
      // A renewal holds the row: it is passed over, and taken up later.
      await transaction
        .selectFrom('connections')
        .select('id')
        .where('id', '=', ids[0] ?? 0)
        .forNoKeyUpdate()
        .execute();
      const started = await rotator.rotate();
      expect(await rotator.rotate()).toMatchObject({ keyId: started.keyId, remaining: 2 });
      return started;
    });
    await finished(rotator);
    expect((await rotator.rotate()).keyId).not.toBe(first.keyId);
  });

  it('takes up what a server that did not hear of it wrote late', async () => {
    const [keyring, late] = [await open(master), await open(master)];
    const rotator = rotatorOf(keyring);
    await rotator.rotate();
    await connect(2, late);
    expect(await rotator.describe()).toMatchObject({ remaining: 4 });
    await rotator.start();
    await finished(rotator);
    expect([...(await readTokens(keyring)).values()]).toEqual([0, 0]);
  });

  it('moves what runs met to the new key as well, and it can be read when the old one is gone', async () => {
    const keyring = await open(master);
    await connect(1, keyring);
    const runId = '01980000-0000-7000-8000-000000000001';
    await sql`
      insert into runs (id, environment_id, connection_id, integration, function, kind, trigger, status, version, due_at, counts)
      select ${runId}, environment_id, id, 'crm', 'items', 'sync', 'manual', 'failed', 1, now(), '{}' from connections`.execute(
      store.database,
    );
    const captures = createCaptureStore({ database: store.database, keyring, days: 7, now: Date.now });
    const capture = sampleCapture(runId, { start: { checkpoint: 'x'.repeat(100_000) } });
    await captures.keep({ id: runId, attempt: 1 }, gzipSync(JSON.stringify(capture)));
    const before = keyring.current.id;
    const rotator = rotatorOf(keyring, 0);
    await rotator.rotate();
    await finished(rotator);
    const { capture: sealed } = await store.database.selectFrom('run_captures').selectAll().executeTakeFirstOrThrow();
    expect(sealed.subarray(1, 5)).toEqual(keyring.current.id);
    expect(keyring.current.id).not.toEqual(before);
    await rotator.start();
    while ((await rotator.describe()).olderKeys > 0) await wait(5);
    const later = { database: store.database, keyring: await open(master), days: 7, now: Date.now };
    expect(await createCaptureStore(later).read({ id: runId } as Run)).toEqual(capture);
  });

  it('leaves what does not open as it is, and does not wait for it', async () => {
    const keyring = await open(master);
    await connect(2, keyring);
    const broken = Buffer.from('not an envelope that anybody could open');
    await store.database.updateTable('connections').set({ token: broken }).where('id', '=', 1).execute();
    const rotator = rotatorOf(keyring);
    const { keyId } = await rotator.rotate();
    while ((await rotator.describe()).remaining > 1) await wait(5);
    await rotator.stop();
    const row = await store.database.selectFrom('connections').select('token').where('id', '=', 1).executeTakeFirst();
    expect(row?.token).toEqual(broken);
    expect(keyId).toBe(keyring.current.id.toString('hex'));
  });

  it('keeps older keys until nothing needs them and their time is over', async () => {
    const keyring = await open(master);
    await connect(2, keyring);
    const patient = rotatorOf(keyring);
    await patient.rotate();
    await finished(patient);
    expect(await patient.describe()).toMatchObject({ olderKeys: 1 });
    const hasty = rotatorOf(keyring, 0);
    await hasty.start();
    while ((await hasty.describe()).olderKeys > 0) await wait(5);
    expect([...(await readTokens(await open(master))).values()]).toEqual([0, 0]);
  });

  it('loses no renewal of two processes, one of which is killed in the middle of it', async () => {
    const folder = await mkdtemp(join(import.meta.dirname, '../../../node_modules/.rotation-'));
    closing.push(() => rm(folder, { recursive: true }));
    const script = join(folder, 'renewing-process.mjs');
    await build({
      entryPoints: [join(import.meta.dirname, 'testing/renewing-process.ts')],
      outfile: script,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
    });
    const keyring = await open(master);
    const before = keyring.current.id;
    const ids = await connect(3_000, keyring);
    const committed = new Map<number, number>();
    const start = (rotate: boolean): ChildProcess => {
      const child = fork(script);
      child.on('message', ({ id, count }: { id: number; count: number }) => {
        committed.set(id, Math.max(count, committed.get(id) ?? 0));
      });
      child.send({ connection: store.connectionString, masterKey: master.toString('base64'), rotate });
      return child;
    };
    const rotator = rotatorOf(keyring);
    const [killed, other] = [start(true), start(false)];
    const ends = [once(killed, 'exit'), once(other, 'exit')];
    closing.unshift(async () => {
      for (const child of [killed, other]) child.kill('SIGKILL');
    });
    const total = ids.length * 2;
    for (let open = total; open === total || keyring.current.id.equals(before); await wait(1)) {
      await keyring.refresh();
      open = (await rotator.describe()).remaining;
      if (open === 0 && !keyring.current.id.equals(before)) break;
    }
    killed.kill('SIGKILL');
    await ends[0];
    expect((await rotator.describe()).remaining).toBeGreaterThan(0);
    await rotator.start();
    await finished(rotator);
    // The other process goes on with the new key.
    const seen = committed.size;
    while (committed.size < seen + 50) await wait(5);
    other.kill('SIGKILL');
    await ends[1];
    expect(await rotator.describe()).toMatchObject({ remaining: 0 });
    const tokens = await readTokens(keyring);
    expect(tokens.size).toBe(ids.length);
    for (const [id, count] of committed) expect(tokens.get(id)).toBeGreaterThanOrEqual(count);
    expect([...tokens.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
  }, 50_000);
});
