import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Ask } from '@tenon/runtime/execute';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { actionOf, createTestPool, runScript } from './testing/script-pool.ts';
import type { WorkerPool } from './worker-pool.ts';

let pool: WorkerPool;
let server: Server;
let arrived: string[];

beforeEach(async () => {
  arrived = [];
  pool = createTestPool({ size: 1 });
  server = createServer((request, response) => {
    arrived.push(request.url ?? '');
    response.writeHead(200, { 'content-type': 'application/json', 'x-left': '3', 'x-reset': '30' });
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  await pool.stop();
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
});

const script = actionOf(`
  await action.get('/one');
  await action.get('/two');
`);

test('a script of a worker process makes no call without a permit, and tells what answers say of the limit', async () => {
  const asked: Ask[] = [];
  const { port } = server.address() as AddressInfo;
  const { outcome } = runScript(pool, script, {
    input: {},
    baseUrl: `http://127.0.0.1:${port}`,
    provider: { retry: { maxAttempts: 1, remainingHeader: 'x-left', resetHeader: 'x-reset', resetUnit: 'seconds' } },
    onAsk: (ask) => {
      asked.push(ask);
      if (ask.kind !== 'rate-permit') return Promise.resolve(null);
      const isFirst = asked.length === 1;
      return Promise.resolve(
        isFirst ? { calls: 1, waitMs: 0, isLimited: true } : { calls: 0, waitMs: 3_600_000, isLimited: true },
      );
    },
  });
  expect(await outcome).toMatchObject({
    status: 'rate_limited',
    error: { code: 'provider_rate_limited', details: { retryAfterMs: 3_600_000 } },
  });
  expect(arrived).toEqual(['/one']);
  expect(asked.map(({ kind }) => kind)).toEqual(['rate-permit', 'rate-report', 'rate-permit']);
  expect(asked[1]).toMatchObject({ status: 200, remaining: 3 });
});
