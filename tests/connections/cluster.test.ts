import { setTimeout as delay } from 'node:timers/promises';
import type { Connection, ConnectionTest, KeyRotation, Run } from '@tenon/runtime/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { beginConnecting, comeBack, connectCustomer } from '../harness/connect-customer.ts';
import { findSecrets, readDump } from '../harness/database-dump.ts';
import { startServerCluster, type ServerCluster } from '../harness/server-cluster.ts';
import { killNow } from '../harness/server-processes.ts';
import type { TenonServer } from '../harness/start-tenon-server.ts';
import { waitUntil } from '../harness/wait-until.ts';
import {
  failOnce,
  hostileClient,
  json,
  rewrite,
  startHostileProvider,
  type AnswerToken,
  type HostileProvider,
} from './hostile-provider.ts';

const syncItems = `import { defineSync, z } from '@tenon/runtime';
const Item = z.object({ id: z.string() });
export default defineSync({
  models: { Item },
  schedule: 'every 1h',
  deletes: 'absence',
  async run(sync) {
    const { data } = await sync.get<{ id: string }[]>('/items');
    await sync.save('Item', data);
  },
});
`;

let cluster: ServerCluster;
/** Ends the grant when a refresh token comes twice, as RFC 9700 section 4.14.2 has it. */
let strict: HostileProvider;
/** Keeps its refresh tokens. */
let steady: HostileProvider;

beforeAll(async () => {
  const { clientId, clientSecret } = hostileClient;
  cluster = await startServerCluster(4, {
    // Their pools follow from it, and Postgres takes 60 sessions in all.
    TENON_WORKERS: '2',
    TENON_VAR_STRICT_CLIENT_ID: clientId,
    TENON_VAR_STRICT_CLIENT_SECRET: clientSecret,
    TENON_VAR_STEADY_CLIENT_ID: clientId,
    TENON_VAR_STEADY_CLIENT_SECRET: clientSecret,
  });
  const redirectUris = cluster.servers.map(({ url }) => `${url}/oauth/callback`);
  strict = await startHostileProvider({ name: 'strict', rotation: true, redirectUris });
  steady = await startHostileProvider({ name: 'steady', rotation: false, redirectUris });
  await cluster.deploy({
    providers: [strict.provider, steady.provider],
    config: '{ integrations: { strict: {}, steady: {} } }',
    files: { 'integrations/strict/syncs/items.ts': syncItems, 'integrations/steady/syncs/items.ts': syncItems },
  });
}, 120_000);
afterAll(async () => {
  await cluster.stop();
  await strict.close();
  await steady.close();
});
beforeEach(async () => {
  await revive();
  for (const one of [strict, steady]) {
    one.onRenewal((pass) => pass());
    one.onCode((pass) => pass());
  }
});

const server = (index: number): TenonServer => {
  const found = cluster.servers[index];
  if (!found) throw new Error(`There is no server ${index}.`);
  return found;
};

async function connect(provider: HostileProvider, user: string): Promise<string> {
  const { name } = provider.provider;
  await connectCustomer(server(0), { integration: name, user }, (url) => provider.identity.consent(url));
  return `/v1/connections/${name}/${user}`;
}

/** Uses the connection so often at once, over all servers that live. @returns what came of it */
async function useOften(connection: string, uses: number): Promise<ConnectionTest[]> {
  const living = cluster.servers.filter(({ child }) => child.signalCode === null);
  return Promise.all(
    Array.from({ length: uses }, async (_, index) => {
      const one = living[index % living.length] ?? server(0);
      const { status, body } = await one.call<ConnectionTest>('POST', `${connection}/test`);
      if (status !== 200) throw new Error(`The use was answered with ${status}: ${JSON.stringify(body)}`);
      return body;
    }),
  );
}

/** What a connection is for: a run of its sync, in a worker. */
async function expectToSync(connection: string): Promise<void> {
  const started = await server(1).call<{ run: Run }>('POST', `${connection}/syncs/items/trigger`, {});
  const complaints = server(1)
    .output()
    .split('\n')
    .filter((line) => line.includes('"level":50'));
  expect(started.status, complaints.slice(-3).join('\n')).toBeLessThan(300);
  const run = await waitUntil('the run has ended', async () => {
    const { body } = await server(2).call<Run>('GET', `/v1/runs/${started.body.run.id}`);
    return body.finishedAt ? body : undefined;
  });
  expect(run).toMatchObject({ status: 'succeeded', error: null });
}

const show = async (connection: string): Promise<Connection> =>
  (await server(0).call<Connection>('GET', connection)).body;

test('1,000 uses over four servers cause one renewal, each time that the token grew old or was refused', async () => {
  const connection = await connect(strict, 'busy');
  for (const [round, grow] of [growOld, beRefused].entries()) {
    await grow(strict, connection);
    const before = strict.renewals();
    strict.onRenewal(async (pass) => {
      const answer = await pass();
      // They all come while the provider thinks; once it takes longer to answer than to act.
      await delay(round * 200);
      return answer;
    });
    const uses = await useOften(connection, 1_000);
    expect(uses.filter(({ ok }) => !ok)).toEqual([]);
    expect(strict.renewals() - before).toBe(1);
  }
  expect(await show(connection)).toMatchObject({ state: 'active', problem: null });
}, 60_000);

/** Gets a token that ends in a second, and waits for that second. */
async function growOld(provider: HostileProvider, connection: string): Promise<void> {
  provider.onRenewal(rewrite((answer) => ({ ...answer, expires_in: 1 })));
  const { body } = await server(0).call<Connection>('POST', `${connection}/refresh`);
  await waitUntil('the token is old', () => Date.now() > Date.parse(body.tokenExpiresAt ?? '') || undefined);
}

async function beRefused(provider: HostileProvider, connection: string): Promise<void> {
  await useOften(connection, 4);
  provider.refuseTokens();
}

describe('no connection is lost to a provider that', () => {
  const rounds: [string, 'strict' | 'steady', AnswerToken, 'at once' | 'later'][] = [
    ['leaves out expires_in', 'strict', rewrite(({ expires_in: _expiresIn, ...answer }) => answer), 'at once'],
    ['sends expires_in as text', 'strict', rewrite((answer) => ({ ...answer, expires_in: '3600' })), 'at once'],
    ['sends expires_in as an object', 'strict', rewrite((answer) => ({ ...answer, expires_in: {} })), 'at once'],
    ['omits the refresh token', 'steady', rewrite(({ refresh_token: _refreshToken, ...answer }) => answer), 'at once'],
    ['blanks it', 'steady', rewrite((answer) => ({ ...answer, refresh_token: ' ', scope: '' })), 'at once'],
    ['nulls it', 'steady', rewrite((answer) => ({ ...answer, refresh_token: null, scope: null })), 'at once'],
    ['blanks the access token', 'steady', rewrite((answer) => ({ ...answer, access_token: '' })), 'later'],
    ['answers 500', 'strict', failOnce(json(500, { error: 'server_error' })), 'later'],
    ['answers 400 with a page', 'strict', failOnce(page(400)), 'later'],
    ['answers 200 with a page', 'strict', failOnce(page(200)), 'later'],
    ['answers with a list', 'strict', failOnce(json(200, [])), 'later'],
    ['answers with a number for a token', 'strict', failOnce(json(200, { access_token: 7 })), 'later'],
    ['says that it is overloaded', 'strict', failOnce(json(429, {})), 'later'],
    ['cuts the connection', 'strict', failOnce('break'), 'later'],
  ];

  test.each(rounds)('%s (%s)', async (name, which, answer, works) => {
    const provider = which === 'strict' ? strict : steady;
    const connection = await connect(provider, name.replaceAll(/\W/g, '-'));
    await beRefused(provider, connection);
    const before = provider.renewals();
    provider.onRenewal(answer);
    const uses = await useOften(connection, 40);
    if (works === 'at once') {
      expect(uses.filter(({ ok }) => !ok)).toEqual([]);
      expect(provider.renewals() - before).toBe(1);
    } else {
      const problems = new Set(uses.flatMap(({ problem }) => (problem ? [problem.class] : [])));
      expect([...problems]).toEqual(['provider_down']);
    }
    // And once more, with what was stored: a refresh token that was lost shows now.
    provider.onRenewal((pass) => pass());
    const refreshed = await server(1).call('POST', `${connection}/refresh`);
    expect(refreshed, JSON.stringify(refreshed.body)).toMatchObject({ status: 200 });
    const again = await useOften(connection, 4);
    expect(again.filter(({ ok }) => !ok)).toEqual([]);
    expect(await show(connection)).toMatchObject({ state: 'active', problem: null });
  });

  test('answers as it did the last time, out of a cache', async () => {
    const connection = await connect(strict, 'cached');
    let last = json(500, {});
    strict.onRenewal(async (pass) => (last = await pass()));
    await server(0).call('POST', `${connection}/refresh`);
    await beRefused(strict, connection);
    strict.onRenewal(failOnce(last));
    await useOften(connection, 40);
    const after = await useOften(connection, 4);
    expect(after.filter(({ ok }) => !ok)).toEqual([]);
    await expectToSync(connection);
  });
});

function page(status: number) {
  return { status, headers: { 'content-type': 'text/html' }, body: '<!doctype html><title>Sorry</title>' };
}

describe('a server killed between the answer of a provider and the commit', () => {
  /** Of a renewal: the row is locked from the request until the process is dead. */
  async function killWhileItStores(provider: HostileProvider, connection: string): Promise<void> {
    // Otherwise the first run of its sync may be in the process that is killed, and come back only with its heartbeat.
    await expectToSync(connection);
    await beRefused(provider, connection);
    await withRowLocked(connection, async (lock) => {
      provider.onRenewal(async (pass) => {
        await lock();
        return pass();
      });
      const use = server(3).call('POST', `${connection}/test`);
      use.catch(() => undefined);
      await waitUntil('the token is about to be stored', async () => {
        const { rows } = await cluster.pool.query<{ count: number }>(
          `select count(*)::int as count from pg_stat_activity
           where datname = current_database() and wait_event_type = 'Lock' and query like '%token_version + 1%'`,
        );
        return rows[0]?.count === 1 ? true : undefined;
      });
      await kill(3);
      await expect(use).rejects.toThrow();
    });
    provider.onRenewal((pass) => pass());
    // The others wait for as long as a renewal may take; that time passes now.
    const { rowCount } = await cluster.pool.query(
      `update connections set refresh_started_at = refresh_started_at - interval '1 minute' where name = $1`,
      [connection.split('/').at(-1)],
    );
    expect(rowCount).toBe(1);
  }

  test('costs nothing where a refresh token may come twice', async () => {
    const connection = await connect(steady, 'survivor');
    await killWhileItStores(steady, connection);
    const uses = await useOften(connection, 40);
    expect(uses.filter(({ ok }) => !ok)).toEqual([]);
    expect(await show(connection)).toMatchObject({ state: 'active', problem: null });
    await expectToSync(connection);
  });

  test('is named as the cause where it may not, and connecting again is the way on', async () => {
    const connection = await connect(strict, 'victim');
    await killWhileItStores(strict, connection);
    const [use] = await useOften(connection, 1);
    expect(use).toMatchObject({
      ok: false,
      problem: { class: 'revoked', message: expect.stringMatching(/A renewal that began at .* was interrupted/) },
    });
    expect(await show(connection)).toMatchObject({ state: 'auth_failed' });
    await connect(strict, 'victim');
    expect(await show(connection)).toMatchObject({ state: 'active', problem: null });
    await expectToSync(connection);
  });

  test('of a customer who comes back leaves nothing, and the customer is told to connect again', async () => {
    const begun = await beginConnecting(server(3), { integration: 'strict', user: 'walker' });
    const parameters = await strict.identity.consent(begun.attempt.url ?? '');
    strict.onCode(async (pass) => {
      const answer = await pass();
      await kill(3);
      return answer;
    });
    await expect(comeBack(server(3).url, begun, parameters)).rejects.toThrow();
    strict.onCode((pass) => pass());
    expect(await server(0).call('GET', '/v1/connections/strict/walker')).toMatchObject({ status: 404 });
    await cluster.pool.query(
      `update connect_attempts set claimed_at = claimed_at - interval '1 minute' where id = $1`,
      [begun.attempt.id],
    );
    const page = await comeBack(server(0).url, begun, parameters);
    expect(page).toMatchObject({ status: 410, text: expect.stringMatching(/interrupted[^]*connect again/) });
    expect(await server(0).call('GET', '/v1/connections/strict/walker')).toMatchObject({ status: 404 });
    await expectToSync(await connect(strict, 'walker'));
  });
});

test('a server killed while keys rotate loses no secret, and the next one goes on', async () => {
  const connection = await connect(steady, 'rotated');
  const read = async (index: number) => (await server(index).call<KeyRotation>('GET', '/v1/keys/encryption')).body;
  const before = await read(0);
  await withRowLocked(connection, async (lock) => {
    await lock();
    await server(3).call('POST', '/v1/keys/encryption/rotate', {});
    // What is in use is left for later: it is all that is left.
    await waitUntil('all but one are done', async () => ((await read(3)).remaining === 2 ? true : undefined));
    await kill(3);
  });
  expect(await read(0)).toMatchObject({ remaining: 2 });
  expect((await useOften(connection, 4)).filter(({ ok }) => !ok)).toEqual([]);
  await revive();
  await waitUntil('the rotation is done', async () => ((await read(3)).remaining === 0 ? true : undefined));
  expect((await read(3)).keyId).not.toBe(before.keyId);
  expect((await useOften(connection, 8)).filter(({ ok }) => !ok)).toEqual([]);
  expect(await server(3).call('POST', `${connection}/refresh`)).toMatchObject({ status: 200 });
});

test('after all that, a dump of the database and the logs hold none of the secrets that went by', async () => {
  const secrets = [...strict.secrets, ...steady.secrets];
  expect(secrets.length).toBeGreaterThan(50);
  expect(findSecrets(await readDump(cluster.pool), secrets)).toEqual([]);
  const logs = cluster.servers.map((one) => one.output()).join('');
  expect(findSecrets(Buffer.from(logs), secrets)).toEqual([]);
});

async function kill(index: number): Promise<void> {
  const victim = server(index);
  killNow(victim.child.pid ?? 0);
  await victim.ended();
}

/** Starts what was killed anew. */
async function revive(): Promise<void> {
  for (const [index, { child }] of cluster.servers.entries()) {
    if (child.signalCode !== null) await cluster.restart(index);
  }
}

/** @param act may lock the row of a connection, which is free again when it is done */
async function withRowLocked(connection: string, act: (lock: () => Promise<void>) => Promise<void>): Promise<void> {
  const client = await cluster.pool.connect();
  try {
    await act(async () => {
      await client.query('begin');
      await client.query('select from connections where name = $1 for update', [connection.split('/').at(-1)]);
    });
  } finally {
    await client.query('rollback');
    client.release();
  }
}
