import { afterEach, expect, test } from 'vitest';
import type { Engine, RunHandler } from './engine.ts';

/** One kind of engine, as the contract needs it. */
export interface EngineAdapter {
  /** Another process's view of the same queue: a new engine, not yet started. */
  open(concurrency: number): Promise<Engine>;
  /** Makes the queue believe that the process which holds the running jobs died without a word. */
  loseHolders(): Promise<void>;
  close(): Promise<void>;
}

/** What every engine must do, whatever it is built on. Call it within a `describe`. */
export function testEngineContract(openAdapter: () => Promise<EngineAdapter>): void {
  let adapter: EngineAdapter | undefined;
  const engines: Engine[] = [];

  async function open(concurrency: number): Promise<Engine> {
    adapter ??= await openAdapter();
    const engine = await adapter.open(concurrency);
    engines.push(engine);
    return engine;
  }

  afterEach(async () => {
    await Promise.all(engines.splice(0).map((engine) => engine.stop({ graceMs: 0 })));
    await adapter?.close();
    adapter = undefined;
  });

  test('delivers each run once, to one of several processes', async () => {
    const [first, second] = [await open(3), await open(3)];
    const ids = runIds(40);
    const delivered = collector(ids.length);
    await first.start(delivered.handler);
    await second.start(delivered.handler);
    await first.enqueue(...ids.map((runId) => ({ runId, priority: 0 })));
    await delivered.done;
    expect(delivered.runIds.toSorted()).toEqual(ids.toSorted());
  });

  test('delivers a run that was enqueued before anyone took runs', async () => {
    const [producer, consumer] = [await open(1), await open(1)];
    const [runId = ''] = runIds(1);
    await producer.enqueue({ runId, priority: 0 });
    const delivered = collector(1);
    await consumer.start(delivered.handler);
    await delivered.done;
    expect(delivered.runIds).toEqual([runId]);
  });

  test('does not add a run that waits already', async () => {
    const engine = await open(1);
    const [twice = '', last = ''] = runIds(2);
    await engine.enqueue({ runId: twice, priority: 5 });
    await engine.enqueue({ runId: twice, priority: 5 });
    await engine.enqueue({ runId: last, priority: 0 });
    const delivered = collector(2);
    await engine.start(delivered.handler);
    await delivered.done;
    expect(delivered.runIds).toEqual([twice, last]);
  });

  test('hands out the highest priority first', async () => {
    const engine = await open(1);
    const [low = '', middle = '', high = ''] = runIds(3);
    await engine.enqueue({ runId: low, priority: 0 }, { runId: high, priority: 10 }, { runId: middle, priority: 5 });
    const delivered = collector(3);
    await engine.start(delivered.handler);
    await delivered.done;
    expect(delivered.runIds).toEqual([high, middle, low]);
  });

  test('never runs more than its concurrency at a time', async () => {
    const engine = await open(2);
    const ids = runIds(12);
    const delivered = collector(ids.length);
    let active = 0;
    let most = 0;
    await engine.start(async (runId, signal) => {
      most = Math.max(most, ++active);
      await new Promise((resolve) => setImmediate(resolve));
      active--;
      await delivered.handler(runId, signal);
    });
    await engine.enqueue(...ids.map((runId) => ({ runId, priority: 0 })));
    await delivered.done;
    expect(most).toBe(2);
  });

  test('holds a run back until its time', async () => {
    const engine = await open(2);
    const [later = '', now = ''] = runIds(2);
    let startedAtMs = 0;
    const delivered = collector(2);
    await engine.start(async (runId, signal) => {
      if (runId === later) startedAtMs = Date.now();
      await delivered.handler(runId, signal);
    });
    const startAfterMs = Date.now() + 300;
    await engine.enqueue({ runId: later, priority: 10, startAfterMs }, { runId: now, priority: 0 });
    await delivered.done;
    expect(delivered.runIds.toSorted()).toEqual([later, now].toSorted());
    expect(startedAtMs).toBeGreaterThanOrEqual(startAfterMs);
  });

  test('hands a run out again when its handler rejects', async () => {
    const engine = await open(1);
    const [runId = ''] = runIds(1);
    const delivered = collector(2);
    await engine.start(async (id, signal) => {
      await delivered.handler(id, signal);
      if (delivered.runIds.length === 1) throw new Error('this process cannot take it');
    });
    await engine.enqueue({ runId, priority: 0 });
    await delivered.done;
    expect(delivered.runIds).toEqual([runId, runId]);
  });

  test('hands a run out again when the process that held it died', async () => {
    const [dying, heir] = [await open(1), await open(1)];
    const [runId = ''] = runIds(1);
    const taken = collector(1);
    // Ends only when its process is told to, as a frozen one would.
    await dying.start(async (id, signal) => {
      await taken.handler(id, signal);
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    });
    await dying.enqueue({ runId, priority: 0 });
    await taken.done;
    const delivered = collector(1);
    await heir.start(delivered.handler);
    await adapter?.loseHolders();
    await delivered.done;
    expect(delivered.runIds).toEqual([runId]);
  });

  test('stop waits for the running runs and takes no new ones', async () => {
    const engine = await open(1);
    const [first = '', second = ''] = runIds(2);
    const taken = collector(1);
    let finish: () => void = () => undefined;
    let finished = false;
    const gate = new Promise<void>((resolve) => {
      finish = resolve;
    });
    await engine.start(async (runId, signal) => {
      await taken.handler(runId, signal);
      await gate;
      finished = true;
    });
    await engine.enqueue({ runId: first, priority: 1 }, { runId: second, priority: 0 });
    await taken.done;
    const stopped = engine.stop({ graceMs: 60_000 });
    finish();
    await stopped;
    expect(finished).toBe(true);
    expect(taken.runIds).toEqual([first]);
  });

  test('stop aborts what does not end in time and hands it to another process', async () => {
    const [leaving, staying] = [await open(1), await open(1)];
    const [runId = ''] = runIds(1);
    const taken = collector(1);
    await leaving.start(async (id, signal) => {
      await taken.handler(id, signal);
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('going away'))));
    });
    await leaving.enqueue({ runId, priority: 0 });
    await taken.done;
    const delivered = collector(1);
    await staying.start(delivered.handler);
    await leaving.stop({ graceMs: 0 });
    await delivered.done;
    expect(delivered.runIds).toEqual([runId]);
  });
}

function runIds(count: number): string[] {
  return Array.from({ length: count }, () => crypto.randomUUID());
}

function collector(expected: number): { handler: RunHandler; runIds: string[]; done: Promise<void> } {
  const runIds: string[] = [];
  let resolve: () => void = () => undefined;
  const done = new Promise<void>((settle) => {
    resolve = settle;
  });
  const handler: RunHandler = (runId) => {
    runIds.push(runId);
    if (runIds.length === expected) resolve();
    return Promise.resolve();
  };
  return { handler, runIds, done };
}
