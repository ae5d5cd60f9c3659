import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Ask, Answers } from '@tenon/runtime/execute';
import { manifestSchema } from '@tenon/runtime/contract';
import { providerSchema, type ProviderInput } from '@tenon/runtime/provider';
import { createProviderClient } from '@tenon/runtime/request';
import { TenonError } from '@tenon/runtime/errors';
import { Agent } from 'undici';
import { afterEach, expect, test } from 'vitest';
import type { RunOutcome } from '../../workers/run-request.ts';
import { createGate, openEngineRoom, type EngineRoom, type Script } from '../testing/engine-room.ts';
import { testAction, testManifest, testSync } from '../testing/test-manifest.ts';

/**
 * The whole way: runs of two servers on one database, the request engine that scripts use, and an API on a loopback
 * port that counts by its own clock and refuses what is too much.
 */
let room: EngineRoom;
let api: LimitedApi | undefined;
const dispatcher = new Agent();
afterEach(async () => {
  await room.close();
  await api?.close();
  api = undefined;
});

interface Arrival {
  readonly atMs: number;
  readonly by: string;
  readonly refused: boolean;
}

interface LimitedApi {
  readonly url: string;
  readonly arrivals: Arrival[];
  close(): Promise<void>;
}

interface ApiLimit {
  readonly limit: number;
  readonly windowMs: number;
  readonly kind: 'sliding' | 'fixed';
  headers?(state: { remaining: number; resetAtMs: number }): Record<string, string>;
}

async function startLimitedApi({ limit, windowMs, kind, headers }: ApiLimit): Promise<LimitedApi> {
  const arrivals: Arrival[] = [];
  let windowEndsMs = 0;
  let used = 0;
  const server: Server = createServer((request, response) => {
    const atMs = Date.now();
    if (kind === 'fixed' && atMs >= windowEndsMs) {
      windowEndsMs = atMs + windowMs;
      used = 0;
    }
    const before =
      kind === 'fixed' ? used : arrivals.filter((one) => !one.refused && one.atMs > atMs - windowMs).length;
    const refused = before >= limit;
    if (!refused) used += 1;
    arrivals.push({ atMs, by: String(request.headers['x-run']), refused });
    const remaining = Math.max(0, limit - before - 1);
    const told = headers?.({ remaining, resetAtMs: windowEndsMs }) ?? {};
    response.writeHead(refused ? 429 : 200, { 'content-type': 'application/json', ...told });
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const started = {
    url: `http://127.0.0.1:${port}`,
    arrivals,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  api = started;
  return started;
}

const functions = [testSync(), testAction()];

async function openRoom(provider: Partial<ProviderInput>, connections: number): Promise<EngineRoom> {
  room = await openEngineRoom({ connections, functions });
  const manifest = testManifest(functions);
  const limited = providerSchema.parse({
    name: 'tracker',
    displayName: 'Tracker',
    docs: 'https://tracker.example/docs',
    sources: ['https://tracker.example/docs'],
    auth: { mode: 'none' },
    baseUrl: 'https://tracker.example',
    ...provider,
  });
  await room.database
    .updateTable('deployments')
    .set({ manifest: JSON.stringify(manifestSchema.parse({ ...manifest, providers: [limited] })) })
    .execute();
  return room;
}

/** A script that makes so many calls, one after the other, through the client that scripts have. */
function callApi(calls: number, more: { onCalled?: (run: string, made: number) => Promise<void> | void } = {}): Script {
  return async (request): Promise<RunOutcome> => {
    const { start, signal } = request;
    const asking = <Kind extends Ask['kind']>(ask: Extract<Ask, { kind: Kind }>) =>
      request.onAsk(ask) as Promise<Answers[Kind]>;
    const client = createProviderClient({
      provider: { ...start.provider, baseUrl: api?.url ?? '', retry: { ...start.provider.retry, maxAttempts: 1 } },
      credential: () => start.credential,
      connection: start.connection,
      dispatcher,
      signal,
      rateAsks: {
        permit: () => asking({ kind: 'rate-permit' }),
        report: (report) => asking({ kind: 'rate-report', ...report }),
      },
    });
    try {
      for (let made = 1; made <= calls; made += 1) {
        await client.get('/items', { headers: { 'x-run': start.runId } });
        await more.onCalled?.(start.runId, made);
      }
      return { status: 'succeeded' };
    } catch (error) {
      if (error instanceof TenonError) {
        return { status: 'rate_limited', error: { code: error.code, message: error.message } };
      }
      throw error;
    }
  };
}

async function triggerAll(server: ReturnType<EngineRoom['openServer']>, connections: number): Promise<string[]> {
  const ids: string[] = [];
  for (let number = 1; number <= connections; number += 1) {
    const { run } = await server.triggerSync({
      environmentId: room.environmentId,
      integration: 'tracker',
      connection: `c${number}`,
      sync: 'issues',
      trigger: 'api',
    });
    ids.push(run.id);
  }
  return ids;
}

async function allEnded(ids: readonly string[]): Promise<string[]> {
  const runs = await Promise.all(ids.map((id) => room.ended(id)));
  return runs.map(({ status }) => status);
}

function refusals(): number {
  return api?.arrivals.filter(({ refused }) => refused).length ?? 0;
}

test(
  '20 runs in two servers keep a declared limit of their integration, and none starves',
  { timeout: 60_000 },
  async () => {
    const { arrivals } = await startLimitedApi({ limit: 20, windowMs: 1_500, kind: 'sliding' });
    await openRoom({ rateLimits: [{ requests: 20, perSeconds: 1.5, scope: 'integration' }] }, 20);
    const script = callApi(4);
    const [one, other] = [room.openServer(script, { concurrency: 10 }), room.openServer(script, { concurrency: 10 })];
    await Promise.all([one.start(), other.start()]);
    const ids = await triggerAll(one, 20);
    expect(await allEnded(ids)).toEqual(ids.map(() => 'succeeded'));
    expect(arrivals).toHaveLength(80);
    expect(refusals()).toBe(0);
    // Runs take turns: between two calls of one, no other makes more than a few.
    const gaps = ids.flatMap((id) => {
      const places = arrivals.flatMap(({ by }, place) => (by === id ? [place] : []));
      return places.slice(1).map((place, index) => place - (places[index] ?? 0));
    });
    expect(Math.max(...gaps)).toBeLessThanOrEqual(40);
  },
);

test.each([
  ['Unix milliseconds', { resetUnit: 'unix-ms' }, (resetAtMs: number) => String(resetAtMs)],
  ['seconds from now', { resetUnit: 'seconds' }, (resetAtMs: number) => String((resetAtMs - Date.now()) / 1_000)],
  ['an ISO date', { resetUnit: 'date' }, (resetAtMs: number) => new Date(resetAtMs).toISOString()],
] as const)(
  'a limit that headers tell of, with its reset in %s, is kept by runs that did not hear of it',
  { timeout: 60_000 },
  async (_name, { resetUnit }, write) => {
    const { arrivals } = await startLimitedApi({
      limit: 10,
      windowMs: 1_500,
      kind: 'fixed',
      headers: ({ remaining, resetAtMs }) => ({
        'x-limit': '10',
        'x-left': String(remaining),
        'x-reset': write(resetAtMs),
        // A date of whole seconds would add up to a second to each wait.
        date: '',
      }),
    });
    const retry = {
      limitHeader: 'x-limit',
      remainingHeader: 'x-left',
      resetHeader: 'x-reset',
      resetUnit,
      limitScope: 'integration',
    } as const;
    await openRoom({ retry }, 9);
    const [one, other] = [
      room.openServer((request) => (request.start.connection.id === 'c1' ? callApi(6) : callApi(2))(request), {
        concurrency: 8,
      }),
      room.openServer(callApi(2), { concurrency: 8 }),
    ];
    await one.start();
    const [first = ''] = await triggerAll(one, 1);
    expect((await room.ended(first)).status).toBe('succeeded');
    expect(arrivals).toHaveLength(6);
    await other.start();
    const ids = await triggerAll(one, 9);
    expect(await allEnded(ids)).toEqual(ids.map(() => 'succeeded'));
    expect(refusals()).toBe(0);
  },
);

test('a refusal stops every run that shares the budget until the time that it names', { timeout: 60_000 }, async () => {
  const { arrivals } = await startLimitedApi({
    limit: 3,
    windowMs: 1_000,
    kind: 'fixed',
    headers: () => ({ 'retry-after': '1' }),
  });
  await openRoom({ retry: { limitScope: 'integration' } }, 6);
  const server = room.openServer(callApi(4), { concurrency: 6 });
  const second = room.openServer(callApi(4), { concurrency: 6 });
  await server.start();
  const [first = ''] = await triggerAll(server, 1);
  expect((await room.ended(first)).status).toBe('rate_limited');
  const refused = arrivals.at(-1);
  expect(refused?.refused).toBe(true);
  await second.start();
  const ids = await triggerAll(server, 6);
  await allEnded(ids);
  const next = arrivals[arrivals.findIndex((arrival) => arrival === refused) + 1];
  expect((next?.atMs ?? 0) - (refused?.atMs ?? 0)).toBeGreaterThanOrEqual(1_000);
});

test('an action goes before the syncs that wait', { timeout: 60_000 }, async () => {
  const { arrivals } = await startLimitedApi({ limit: 10, windowMs: 1_500, kind: 'sliding' });
  await openRoom({ rateLimits: [{ requests: 10, perSeconds: 1.5, scope: 'integration' }] }, 12);
  const exhausted = createGate();
  const onCalled = () => {
    if (arrivals.length >= 9) exhausted.open();
  };
  const server = room.openServer(
    (request) => (request.start.function.kind === 'action' ? callApi(3) : callApi(4, { onCalled }))(request),
    { concurrency: 12 },
  );
  await server.start();
  const ids = await triggerAll(server, 12);
  await exhausted.opened;
  const { runId } = await server.callAction({
    environmentId: room.environmentId,
    integration: 'tracker',
    connection: 'c1',
    action: 'create-issue',
    input: {},
    signal: new AbortController().signal,
  });
  // The first goes from the share that is kept for actions, the others before every sync that waits.
  const places = arrivals.flatMap(({ by }, place) => (by === runId ? [place] : []));
  expect(places).toHaveLength(3);
  expect(places.at(-1)).toBeLessThan(9 + 3 + 10);
  expect(await allEnded(ids)).toEqual(ids.map(() => 'succeeded'));
  expect(refusals()).toBe(0);
});

test('a server that takes over keeps the calls that the one before has made', { timeout: 60_000 }, async () => {
  const { arrivals } = await startLimitedApi({ limit: 10, windowMs: 1_500, kind: 'sliding' });
  await openRoom({ rateLimits: [{ requests: 10, perSeconds: 1.5, scope: 'integration' }] }, 6);
  const some = createGate();
  const onCalled = () => {
    if (arrivals.length >= 7) some.open();
  };
  const old = room.openServer(callApi(4, { onCalled }), { concurrency: 6 });
  await old.start();
  const ids = await triggerAll(old, 6);
  await some.opened;
  const heir = room.openServer(callApi(4), { concurrency: 6 });
  await Promise.all([old.stop({ graceMs: 0 }), heir.start()]);
  expect(await allEnded(ids)).toEqual(ids.map(() => 'succeeded'));
  expect(refusals()).toBe(0);
});

test('a wait of more than a minute gives the worker back', async () => {
  const { arrivals } = await startLimitedApi({ limit: 1, windowMs: 3_600_000, kind: 'fixed' });
  await openRoom({ rateLimits: [{ requests: 1, perSeconds: 3_600 }] }, 1);
  const server = room.openServer(callApi(2));
  await server.start();
  const [id = ''] = await triggerAll(server, 1);
  const run = await room.ended(id);
  expect(run).toMatchObject({ status: 'rate_limited', error: { code: 'provider_rate_limited' } });
  expect(arrivals).toHaveLength(1);
});

test('calls without any limit cost the database nothing', async () => {
  await startLimitedApi({ limit: 1_000, windowMs: 1_000, kind: 'fixed' });
  await openRoom({}, 1);
  const server = room.openServer(callApi(50));
  await server.start();
  const [id = ''] = await triggerAll(server, 1);
  expect((await room.ended(id)).status).toBe('succeeded');
  expect(await room.database.selectFrom('rate_budgets').select('key').execute()).toEqual([]);
});
