import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Connection, ConnectionTest, Page, Run } from '@tenon/runtime/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { beginConnecting, comeBack, connectCustomer } from '../harness/connect-customer.ts';
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
beforeEach(() => {
  for (const one of [strict, steady]) {
    one.onRenewal((pass) => pass());
    one.onCode((pass) => pass());
  }
});

const server = (index: number): TenonServer => {
  const found = cluster.servers[index % cluster.servers.length];
  if (!found) throw new Error(`There is no server ${index}.`);
  return found;
};

async function connect(provider: HostileProvider, user: string): Promise<string> {
  const { name } = provider.provider;
  await connectCustomer(server(0), { integration: name, user }, (url) => provider.identity.consent(url));
  return `/v1/connections/${name}/${user}`;
}

/** Uses the connection so often at once, over all servers. @returns what came of it */
async function useOften(connection: string, uses: number): Promise<ConnectionTest[]> {
  return Promise.all(
    Array.from({ length: uses }, async (_, index) => {
      const { status, body } = await server(index).call<ConnectionTest>('POST', `${connection}/test`);
      if (status !== 200) throw new Error(`The use was answered with ${status}: ${JSON.stringify(body)}`);
      return body;
    }),
  );
}

/** What a connection is for: a run of its sync, in a worker. */
async function expectToSync(connection: string): Promise<void> {
  const [, , , integration, user] = connection.split('/');
  const started = await server(1).call<Run>('POST', `${connection}/syncs/items/trigger`, {});
  expect(started.status, JSON.stringify(started.body)).toBeLessThan(300);
  await waitUntil('a run of the sync has succeeded', async () => {
    const route = `/v1/runs?integration=${integration}&connection=${user}&limit=1`;
    const { body } = await server(2).call<Page<Run>>('GET', route);
    if (body.items[0]?.status === 'failed') throw new Error(JSON.stringify(body.items[0]));
    return body.items[0]?.status === 'succeeded' ? true : undefined;
  });
}

const show = async (connection: string): Promise<Connection> =>
  (await server(3).call<Connection>('GET', connection)).body;

test('1,000 uses over four servers cause one renewal, each time that the token grew old or was refused', async () => {
  const connection = await connect(strict, 'busy');
  for (const [round, grow] of [growOld, growOld, beRefused].entries()) {
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
    ['leaves out expires_in', 'strict', rewrite(({ expires_in: _, ...answer }) => answer), 'at once'],
    ['sends expires_in as text', 'strict', rewrite((answer) => ({ ...answer, expires_in: '3600' })), 'at once'],
    ['sends expires_in as an object', 'strict', rewrite((answer) => ({ ...answer, expires_in: {} })), 'at once'],
    ['omits the refresh token', 'steady', rewrite(({ refresh_token: _, ...answer }) => answer), 'at once'],
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
