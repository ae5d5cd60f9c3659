import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMortalDatabase } from '../database/testing/mortal-database.ts';
import { createConnection } from '../credentials/create-connection.ts';
import { openCredentialRoom, type CredentialRoom } from '../credentials/testing/credential-room.ts';
import { goodApiKey } from '../credentials/testing/sample-provider-server.ts';
import { createApiKey } from '../credentials/api-keys/create-api-key.ts';
import type { Schema } from '../database/schema.ts';
import { createDeployment } from '../deployments/create-deployment.ts';
import { hashOf, sampleAction, sampleSync } from '../deployments/testing/sample-manifest.ts';
import { silentLog } from '../engine/testing/engine-room.ts';
import { putVariable } from '../variables/put-variable.ts';
import { connectableManifest } from '../credentials/testing/credential-room.ts';
import { putPreview } from './put-preview.ts';
import { createEnvironmentSweeper } from './sweep-environments.ts';

let room: CredentialRoom;
beforeEach(async () => {
  room = await openCredentialRoom();
});
afterEach(() => room.close());

const day = 86_400_000;
const home = () => ({ environmentId: room.environmentId, environment: 'dev' });
const now = () => new Date(room.context.now());

function sweeperOf(database = room.context.database, cancelRun: () => Promise<never> = () => Promise.reject()) {
  return createEnvironmentSweeper({ database, runs: { cancelRun }, log: silentLog, now: room.context.now });
}

async function connect(environmentId: number, name: string): Promise<number> {
  const { context } = room;
  await createConnection(context, {
    environmentId,
    integration: 'tracker',
    name,
    credentials: { mode: 'api_key', values: { apiKey: goodApiKey } },
    config: {},
    settings: {},
    metadata: {},
    verify: false,
  });
  const row = await context.database
    .selectFrom('connections')
    .select('id')
    .where('environment_id', '=', environmentId)
    .where('name', '=', name)
    .executeTakeFirstOrThrow();
  return row.id;
}

/** Records with their versions, a run with logs, and everything else that a connection comes to have. */
async function fill(environmentId: number, connectionId: number, records: number): Promise<void> {
  const { database } = room.context;
  const run = async (query: ReturnType<typeof sql>) => void (await query.execute(database));
  const dataset = await database
    .insertInto('datasets')
    .values({ connection_id: connectionId, model: 'Issue' })
    .returning('id')
    .executeTakeFirstOrThrow();
  await run(sql`insert into records (dataset_id, external_id, data, hash, position, added_position, updated_at)
    select ${dataset.id}, n::text, '{}', '\\x00', n, n, now() from generate_series(1, ${records}::int) n`);
  await run(sql`insert into record_versions (dataset_id, external_id, data, hash, position, added_position,
      until_position, updated_at, observed_ms, replaced_at)
    select ${dataset.id}, n::text, '{}', '\\x00', n, n, n, now(), 0, now() from generate_series(1, 10) n`);
  await run(sql`insert into runs (id, environment_id, connection_id, kind, integration, function, version, trigger,
      status, due_at, counts)
    select gen_random_uuid(), ${environmentId}, ${connectionId}, 'action', 'tracker', 'x', 1, 'api', 'succeeded', now(), '{}'
    from generate_series(1, 20)`);
  await run(sql`insert into run_logs (environment_id, run_id, at, level, message)
    select ${environmentId}, id, now(), 'info', 'said' from runs where environment_id = ${environmentId}`);
  await run(sql`insert into run_writes (dataset_id, from_position, to_position, run_id, written_at)
    select ${dataset.id}, 1, 2, gen_random_uuid(), now()`);
  await run(sql`insert into audit_log (environment_id, actor_kind, action, details)
    values (${environmentId}, 'system', 'x', '{}')`);
  await run(sql`with e as (insert into webhook_endpoints (environment_id, url, events, secret)
      values (${environmentId}, 'https://app.example', '{}', '\\x00') returning id),
    v as (insert into webhook_events (id, environment_id, type, data)
      values (gen_random_uuid(), ${environmentId}, 'connection.created', '{}') returning id)
    insert into webhook_deliveries (event_id, endpoint_id) select v.id, e.id from v, e`);
}

/** A preview with an own and a borrowed connection, a version, variables, a key, and 2,500 records. */
async function openPreview(name = 'pr-1', ttlMs = 3 * day): Promise<number> {
  const { context } = room;
  const { database } = context;
  const borrow = [{ integration: 'tracker', connection: 'user1' }];
  await putPreview(database, { home: home(), name, ttlMs, borrow, now: now() });
  const { id, borrowed } = await database
    .selectFrom('environments')
    .innerJoin('connections', 'connections.environment_id', 'environments.id')
    .select(['environments.id', 'connections.id as borrowed'])
    .where('environments.name', '=', name)
    .executeTakeFirstOrThrow();
  for (const code of ['sync code', 'action code', 'only here']) {
    await database
      .insertInto('bundles')
      .values({ hash: hashOf(code), code })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  const manifest = {
    ...connectableManifest(room.provider),
    functions: [sampleSync(), sampleAction({ bundle: hashOf('only here') })],
  };
  const request = { environmentId: id, manifest, baseVersion: 0, message: null, allowDestructive: false };
  await createDeployment(database, request);
  const own = await connect(id, 'own');
  await fill(id, own, 2_500);
  await fill(id, borrowed, 10);
  await putVariable(context, { environmentId: id, name: 'SECRET', value: 'hush' });
  const caller = {
    environmentId: id,
    environment: name,
    keyId: 0,
    keyName: '',
    keyPrefix: '',
    scopes: ['admin'] as const,
    expiresAt: null,
  };
  await createApiKey(database, { caller, name: 'of the preview', scopes: ['admin'] });
  return id;
}

/** Rows of every table but the log of migrations, by table: what an environment must leave as it was. */
async function countRows(): Promise<Record<string, number>> {
  const { database } = room.context;
  const { rows: tables } = await sql<{ name: string }>`
    select relname as name from pg_class join pg_namespace n on n.oid = relnamespace
    where nspname = 'public' and relkind in ('r', 'p') and relname not like 'tenon%'`.execute(database);
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const { rows } = await sql<{
      n: number;
    }>`select count(*)::int as n from ${sql.table(name as keyof Schema)}`.execute(database);
    counts[name] = rows[0]?.n ?? 0;
  }
  return counts;
}

async function listViewSchemas(): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select nspname as name from pg_namespace where nspname like 'tenonpreview%'`.execute(room.context.database);
  return rows.map(({ name }) => name);
}

describe('a preview whose time is over', () => {
  it('goes with everything of it, not a moment before, and its parent stays as it was', async () => {
    const lender = await connect(room.environmentId, 'user1');
    await fill(room.environmentId, lender, 100);
    for (const code of ['sync code', 'action code']) {
      await room.context.database
        .insertInto('bundles')
        .values({ hash: hashOf(code), code })
        .execute();
    }
    const before = await countRows();
    const secrets = await room.context.secrets.read(lender);
    await openPreview();
    expect(await listViewSchemas()).toHaveLength(1);
    const sweeper = sweeperOf();
    room.pass(3 * day - 60_000);
    const filled = await countRows();
    await sweeper.sweep();
    expect(await countRows()).toEqual(filled);
    room.pass(61_000);
    await sweeper.sweep();
    // The parent's audit log tells of it, and nothing else is left.
    expect(await countRows()).toEqual({ ...before, audit_log: (before['audit_log'] ?? 0) + 1 });
    expect(await listViewSchemas()).toEqual([]);
    expect(await room.context.secrets.read(lender)).toEqual(secrets);
    const told = await room.context.database
      .selectFrom('audit_log')
      .selectAll()
      .orderBy('id', 'desc')
      .executeTakeFirst();
    expect(told).toMatchObject({
      environment_id: room.environmentId,
      actor_kind: 'system',
      action: 'environment.expire',
      subject: 'environment:pr-1',
    });
    const bundles = await room.context.database.selectFrom('bundles').select('code').orderBy('code').execute();
    expect(bundles.map(({ code }) => code)).toEqual(['action code', 'sync code']);
  });

  it('is gone in the end wherever the process that removes it is killed, once its lease is over', async () => {
    await connect(room.environmentId, 'user1');
    const before = await countRows();
    await openPreview();
    room.pass(3 * day + 1);
    let kills = 0;
    for (let statement = 0; ; statement += 1) {
      const mortal = createMortalDatabase(room.context.database);
      mortal.dieAfter(statement);
      await sweeperOf(mortal.database).sweep();
      if (!mortal.isDead) break;
      kills += 1;
      const { deleting } = await room.context.database
        .selectFrom('environments')
        .select((all) => all.fn.count<number>('id').as('deleting'))
        .where('deleting_at', 'is not', null)
        .executeTakeFirstOrThrow();
      // A server that comes too early leaves it to the one that may only be slow.
      if (kills === 8) {
        const early = await countRows();
        await sweeperOf().sweep();
        expect(await countRows()).toEqual(early);
        expect(Number(deleting)).toBe(1);
      }
      room.pass(61_000);
    }
    expect(kills).toBeGreaterThan(20);
    expect(await countRows()).toEqual({
      ...before,
      audit_log: (before['audit_log'] ?? 0) + 1,
      bundles: expect.any(Number),
    });
  });

  it('can be extended until it is swept, and its name is free from then on', async () => {
    const { database } = room.context;
    await connect(room.environmentId, 'user1');
    await openPreview('pr-1', day);
    room.pass(day + 1);
    await putPreview(database, { home: home(), name: 'pr-1', borrow: [], now: now() });
    await sweeperOf().sweep();
    expect(await database.selectFrom('environments').selectAll().where('name', '=', 'pr-1').execute()).toHaveLength(1);
    room.pass(day + 1);
    const stuck = createMortalDatabase(database);
    const sweeping = sweeperOf(stuck.database);
    stuck.dieAfter(8);
    await sweeping.sweep();
    const again = await putPreview(database, { home: home(), name: 'pr-1', borrow: [], now: now() });
    expect(again).toMatchObject({ created: true, borrowed: [], activeVersion: 0 });
  });

  it('waits for its runs: they are told to stop, and nothing is removed under them', async () => {
    const { database } = room.context;
    await connect(room.environmentId, 'user1');
    const id = await openPreview();
    const run = await database
      .selectFrom('runs')
      .select('id')
      .where('environment_id', '=', id)
      .executeTakeFirstOrThrow();
    await database.updateTable('runs').set({ status: 'running' }).where('id', '=', run.id).execute();
    room.pass(3 * day + 1);
    const asked: unknown[] = [];
    const sweeper = createEnvironmentSweeper({
      database,
      runs: { cancelRun: (names) => (asked.push(names), Promise.resolve({} as never)) },
      log: silentLog,
      now: room.context.now,
    });
    const filled = await countRows();
    await sweeper.sweep();
    expect(asked).toEqual([{ environmentId: id, runId: run.id }]);
    expect(await countRows()).toEqual({ ...filled, audit_log: (filled['audit_log'] ?? 0) + 1 });
    await database.updateTable('runs').set({ status: 'cancelled' }).where('id', '=', run.id).execute();
    room.pass(2_001);
    await sweeper.sweep();
    expect(await database.selectFrom('environments').selectAll().where('id', '=', id).execute()).toEqual([]);
  });

  it('is removed once when several servers sweep at once', async () => {
    await connect(room.environmentId, 'user1');
    for (const name of ['pr-1', 'pr-2', 'pr-3']) await openPreview(name);
    room.pass(3 * day + 1);
    await Promise.all([sweeperOf().sweep(), sweeperOf().sweep(), sweeperOf().sweep()]);
    const left = await room.context.database.selectFrom('environments').select('name').execute();
    expect(left).toEqual([{ name: 'dev' }]);
    const expiries = await room.context.database
      .selectFrom('audit_log')
      .select('subject')
      .where('action', '=', 'environment.expire')
      .orderBy('subject')
      .execute();
    expect(expiries.map(({ subject }) => subject)).toEqual([
      'environment:pr-1',
      'environment:pr-2',
      'environment:pr-3',
    ]);
  });
});
