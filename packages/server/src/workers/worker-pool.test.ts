import { createServer, type Server } from 'node:http';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterEach, describe, expect, it } from 'vitest';
import { actionOf, createTestPool, runScript } from './testing/script-pool.ts';
import type { WorkerPool, WorkerPoolOptions } from './worker-pool.ts';

const pools: WorkerPool[] = [];
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.stop()));
});

function poolOf(options: Partial<WorkerPoolOptions> = {}): WorkerPool {
  const pool = createTestPool(options);
  pools.push(pool);
  return pool;
}

const syncOf = (body: string, more = '') => `import { defineSync, z } from '@tenon/runtime';
export default defineSync({
  models: { Item: z.object({ id: z.number(), at: z.number().optional() }) },
  ${more}
  async run(sync) {
${body}
  },
});
`;

/** Waits for an event, turn by turn; the test's own time limit ends it. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

describe('createWorkerPool', () => {
  it('starts no process before the first run, and one ahead when asked to', async () => {
    const pool = poolOf();
    expect(pool.stats.started).toBe(0);
    pool.warmUp();
    pool.warmUp();
    expect(pool.stats.started).toBe(1);
  });

  it('gives an action its input and returns its output', async () => {
    const run = runScript(poolOf(), actionOf('return { twice: action.input.n * 2, at: new Date(0) }'), {
      input: { n: 21 },
    });
    expect(await run.outcome).toEqual({ status: 'succeeded', output: { twice: 42, at: '1970-01-01T00:00:00.000Z' } });
  });

  it('executes what a script waits for beside it, however many others wait', async () => {
    const pool = poolOf({ size: 1 });
    const child = actionOf('return action.input.n + 1');
    const parent = runScript(pool, actionOf("return await action.callAction('child', { n: 1 })"), {
      async onAsk(ask) {
        const waiting = runScript(pool, child, { input: { n: 5 } });
        const outcome = await runScript(pool, child, {
          input: ask.kind === 'call-action' ? ask.input : {},
          isNested: true,
        }).outcome;
        expect(pool.stats.waiting).toBe(1);
        waited.push(waiting.outcome);
        return outcome.status === 'succeeded' ? outcome.output : outcome.error;
      },
    });
    const waited: Array<Promise<unknown>> = [];
    expect(await parent.outcome).toEqual({ status: 'succeeded', output: 2 });
    expect(await waited[0]).toEqual({ status: 'succeeded', output: 6 });
  });

  it('executes fifty runs in one worker', async () => {
    const pool = poolOf({ size: 1 });
    const source = actionOf('return action.input.n');
    for (let n = 0; n < 50; n += 1) {
      expect(await runScript(pool, source, { input: { n } }).outcome).toEqual({ status: 'succeeded', output: n });
    }
    // The one that worked and the spare beside it.
    expect(pool.stats).toEqual({ workers: 2, busy: 0, waiting: 0, started: 2 });
  });

  it('loads a bundle once for a worker', async () => {
    const pool = poolOf({ size: 1 });
    const source = actionOf('return 1');
    await runScript(pool, source).outcome;
    const again = runScript(pool, source, { loadBundle: () => Promise.reject(new Error('not again')) });
    expect(await again.outcome).toMatchObject({ status: 'succeeded' });
  });

  it('never lets two environments share a worker', async () => {
    const pool = poolOf({ size: 1 });
    const source = actionOf(
      'const seen = (EventEmitter as any).seen; EventEmitter.seen = "environment"; return seen ?? "nothing";',
      'const EventEmitter: any = require("events").EventEmitter;',
    );
    expect(await runScript(pool, source, { environmentId: 1 }).outcome).toMatchObject({ output: 'nothing' });
    const before = pool.stats.started;
    expect(await runScript(pool, actionOf('return 1'), { environmentId: 2 }).outcome).toMatchObject({ output: 1 });
    expect(await runScript(pool, actionOf('return 1'), { environmentId: 3 }).outcome).toMatchObject({ output: 1 });
    expect(pool.stats.started).toBeGreaterThan(before);
    expect(pool.stats.workers).toBeLessThanOrEqual(2);
  });

  it('replaces a worker after its number of runs', async () => {
    const pool = poolOf({ size: 1, maxRunsPerWorker: 2 });
    for (let n = 0; n < 4; n += 1) await runScript(pool, actionOf('return 1')).outcome;
    expect(pool.stats.started).toBe(3);
  });

  it('replaces a worker that has reached its age', async () => {
    let nowMs = 0;
    const pool = poolOf({ size: 1, maxWorkerAgeMs: 1_000, clock: { now: () => nowMs } });
    await runScript(pool, actionOf('return 1')).outcome;
    expect(pool.stats.started).toBe(2);
    nowMs = 2_000;
    await runScript(pool, actionOf('return 1')).outcome;
    expect(pool.stats).toMatchObject({ workers: 1, started: 2 });
  });

  it('lets all workers but one go when it has been idle for a while', async () => {
    const pool = poolOf({ idleWorkerMs: 20 });
    await Promise.all([1, 2].map(() => runScript(pool, actionOf('return 1')).outcome));
    expect(pool.stats.started).toBe(3);
    await until(() => pool.stats.workers === 1);
    expect(await runScript(pool, actionOf('return 1')).outcome).toMatchObject({ status: 'succeeded' });
  });

  it('takes the waiting run of the highest priority first, and no more than its size at once', async () => {
    const pool = poolOf({ size: 1 });
    const ended: string[] = [];
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const first = runScript(pool, syncOf('await sync.save("Item", [{ id: 1 }]);'), {
      onPage: async () => {
        await held;
        return { added: 1, updated: 0, unchanged: 0, deleted: 0, quarantined: 0, held: 0 };
      },
    });
    await first.started;
    const waiting = [0, 5, 0, 10].map(async (priority, index) => {
      await runScript(pool, actionOf('return 1'), { priority }).outcome;
      ended.push(`${priority} (${index})`);
    });
    expect(pool.stats).toMatchObject({ busy: 1, waiting: 4 });
    release();
    await Promise.all(waiting);
    expect(ended).toEqual(['10 (3)', '5 (1)', '0 (0)', '0 (2)']);
  });

  it('hands over the pages of a sync in order, one at a time, the cursor with the last of them', async () => {
    let open = 0;
    let most = 0;
    const run = runScript(
      poolOf(),
      syncOf(
        'await sync.save("Item", Array.from({ length: 6500 }, (_, id) => ({ id, at: id })));',
        "cursor: { field: 'at' },",
      ),
      {
        sync: {
          settings: {},
          mode: 'run',
          state: { cursor: 3 },
          cursorOptions: { field: 'at', initial: null, order: 'unordered', lagMs: 0 },
        },
        onPage: async (page) => {
          open += 1;
          most = Math.max(most, open);
          await new Promise((resolve) => setImmediate(resolve));
          open -= 1;
          return { added: page.records.length, updated: 0, unchanged: 0, deleted: 0, quarantined: 0, held: 0 };
        },
      },
    );
    expect(await run.outcome).toEqual({
      status: 'succeeded',
      sync: { read: 6_500, partitions: { total: 0, failed: [] } },
    });
    expect(run.pages.at(-1)?.cursor).toBe(6_499);
    expect(run.pages.map((page) => [page.sequence, page.records.length])).toEqual([
      [1, 1000],
      [2, 1000],
      [3, 1000],
      [4, 1000],
      [5, 1000],
      [6, 1000],
      [7, 500],
    ]);
    expect(most).toBe(1);
    expect(run.pages[0]?.records[2]).toMatchObject({ id: '2', json: '{"at":2,"id":2}' });
    expect(run.pages[0]?.records[2]?.hash).toHaveLength(16);
  });

  it('fails a run whose page could not be committed, and hands over no page after it', async () => {
    const run = runScript(
      poolOf(),
      syncOf('await sync.save("Item", Array.from({ length: 5000 }, (_, id) => ({ id })));'),
      { onPage: () => Promise.reject(new Error('disk full')) },
    );
    expect(await run.outcome).toMatchObject({
      status: 'failed',
      error: { code: 'internal', message: expect.stringContaining('disk full') },
    });
    expect(run.pages).toHaveLength(1);
  });

  it.each([
    ['a bundle that cannot be loaded', { loadBundle: () => Promise.reject(new Error('gone')) }, 'lost', 'internal'],
    ['a bundle that is no code', { loadBundle: () => Promise.resolve('this is not code') }, 'failed', 'script_failed'],
    ['a bundle without a definition', { loadBundle: () => Promise.resolve('') }, 'failed', 'script_incompatible'],
  ] as const)('answers %s', async (_name, options, status, code) => {
    const run = runScript(poolOf(), actionOf('return 1'), options);
    expect(await run.outcome).toMatchObject({ status, error: { code } });
  });

  it('ends what is on and what waits as lost when it is stopped, and takes nothing after', async () => {
    const pool = poolOf({ size: 1 });
    const on = runScript(pool, actionOf('await new Promise(() => {})'));
    const waits = runScript(pool, actionOf('return 1'));
    await on.started;
    await pool.stop();
    const after = runScript(pool, actionOf('return 1'));
    for (const run of [on, waits, after]) {
      expect(await run.outcome).toMatchObject({ status: 'lost', error: { code: 'run_lost' } });
    }
    expect(pool.stats.workers).toBe(0);
  });
});

describe('a run that calls its provider', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  async function serve(answer: (authorization: string | undefined) => [status: number, body: unknown]) {
    const server = createServer((request, response) => {
      const [status, body] = answer(request.headers.authorization);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  }

  it('is authorised, leaves a line in the log, and leaves its worker reusable', async () => {
    const baseUrl = await serve((authorization) => [200, { authorization }]);
    const pool = poolOf({ size: 1 });
    const source = actionOf('const { data } = await action.get<any>("/me"); return data.authorization.length;');
    const runs = [runScript(pool, source, { baseUrl }), runScript(pool, source, { baseUrl })];
    for (const run of runs) {
      expect(await run.outcome).toEqual({ status: 'succeeded', output: 'Bearer key-of-acme'.length });
      expect(run.logs.map((entry) => entry.message)).toEqual([expect.stringMatching(/^GET \/me -> 200 in \d+ ms$/)]);
    }
    expect(pool.stats.started).toBe(2);
  });

  it('is kept from this machine and private networks where they are not allowed', async () => {
    const called: unknown[] = [];
    const baseUrl = await serve((authorization) => [200, called.push(authorization)]);
    const pool = poolOf({ allowPrivateAddresses: false });
    const run = runScript(pool, actionOf('return await action.get<any>("/me");'), { baseUrl });
    expect(await run.outcome).toMatchObject({
      status: 'failed',
      error: { code: 'provider_address_refused', hint: expect.stringContaining('TENON_ALLOW_PRIVATE_ADDRESSES') },
    });
    expect(called).toEqual([]);
  });

  it('may use fetch, and leaves its worker reusable', async () => {
    const baseUrl = await serve(() => [200, { ok: 1 }]);
    const pool = poolOf({ size: 1 });
    const source = actionOf('return await (await fetch(action.input.url)).json();');
    for (let n = 0; n < 3; n += 1) {
      const run = runScript(pool, source, { input: { url: baseUrl } });
      expect(await run.outcome).toEqual({ status: 'succeeded', output: { ok: 1 } });
    }
    expect(pool.stats.started).toBe(2);
  });

  it.each(['http', 'https'])("may use Node's %s, and leaves its worker reusable", async (name) => {
    const baseUrl = await serve(() => [200, { ok: 1 }]);
    const pool = poolOf({ size: 1 });
    const source = actionOf(`
      require(${JSON.stringify(name)});
      const answer = await new Promise<any>((resolve) => require('http').get(action.input.url, resolve));
      return JSON.parse(await require('stream/consumers').text(answer));
    `);
    for (let n = 0; n < 3; n += 1) {
      const run = runScript(pool, source, { input: { url: baseUrl } });
      expect(await run.outcome).toEqual({ status: 'succeeded', output: { ok: 1 } });
    }
    expect(pool.stats.started).toBe(2);
  });

  it('leaves a worker that is not used again when it keeps a connection open', async () => {
    const baseUrl = await serve(() => [200, { ok: 1 }]);
    const pool = poolOf({ size: 1 });
    const source = actionOf(`const { port } = new URL(action.input.url);
      await new Promise<void>((resolve) => require('net').connect(port, '127.0.0.1', resolve));
      return 1;`);
    expect(await runScript(pool, source, { input: { url: baseUrl } }).outcome).toMatchObject({ status: 'succeeded' });
    expect(pool.stats.workers).toBe(1);
  });

  it('renews a refused credential once, and goes on', async () => {
    const baseUrl = await serve((authorization) => (authorization === 'Bearer fresh' ? [200, { ok: 1 }] : [401, {}]));
    let renewals = 0;
    const run = runScript(poolOf(), actionOf('return (await action.get("/me")).data'), {
      baseUrl,
      renewCredential: () => {
        renewals += 1;
        return Promise.resolve({ mode: 'api_key', fields: { apiKey: 'fresh' } });
      },
    });
    expect(await run.outcome).toEqual({ status: 'succeeded', output: { ok: 1 } });
    expect(renewals).toBe(1);
  });

  it.each([
    [401, 'auth_failed', 'provider_unauthorized'],
    [429, 'rate_limited', 'provider_rate_limited'],
    [500, 'failed', 'provider_error'],
  ])('that answers %d ends as %s', async (status, expected, code) => {
    const baseUrl = await serve((authorization) => [status, { authorization }]);
    const run = runScript(poolOf(), actionOf('return (await action.get("/me")).data'), {
      baseUrl,
      renewCredential: () => Promise.resolve({ mode: 'api_key', fields: { apiKey: 'key-of-acme' } }),
    });
    expect(await run.outcome).toMatchObject({ status: expected, error: { code } });
  });
});

describe('a worker whose server dies', () => {
  const isAlive = (pid: number): boolean => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };

  it.each([
    ['waits', 'await new Promise(() => {})'],
    // Only Linux can end this one: see worker-command.ts.
    ...(process.platform === 'linux' ? [['blocks', 'await new Promise(setImmediate); while (true) {}']] : []),
  ])('ends too, also while its script %s', async (_name, body) => {
    const folder = mkdtempSync(join(import.meta.dirname, '../../dist-test-'));
    try {
      const entry = `
        import { createTestPool, runScript } from './script-pool.ts';
        import { readFileSync } from 'node:fs';
        const run = runScript(createTestPool({ size: 1 }), ${JSON.stringify(actionOf(body ?? ''))});
        await run.started;
        console.log(readFileSync('/proc/self/task/' + process.pid + '/children', 'utf8'));`;
      const file = join(folder, 'server.mjs');
      const built = buildSync({
        stdin: { contents: entry, resolveDir: join(import.meta.dirname, 'testing'), loader: 'ts' },
        bundle: true,
        write: false,
        format: 'esm',
        platform: 'node',
        packages: 'external',
      });
      writeFileSync(file, built.outputFiles[0]?.text ?? '');
      const server = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] });
      const line = await new Promise<string>((resolve) => server.stdout.once('data', (text) => resolve(String(text))));
      const children = line.trim().split(/\s+/).map(Number).filter(isAlive);
      expect(children.length).toBeGreaterThan(0);
      server.kill('SIGKILL');
      await until(() => !children.some(isAlive));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
