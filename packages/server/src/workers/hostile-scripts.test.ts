import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actionOf, createTestPool, runScript, scriptPath, type ScriptRunOptions } from './testing/script-pool.ts';
import type { WorkerPool } from './worker-pool.ts';

let pool: WorkerPool;
beforeAll(() => {
  pool = createTestPool();
});
afterAll(() => pool.stop());

const run = (source: string, options?: ScriptRunOptions) => runScript(pool, source, options);
const outcomeOf = (source: string, options?: ScriptRunOptions) => run(source, options).outcome;

describe('a script that does not end', () => {
  it('is killed after its deadline when it blocks its process', async () => {
    expect(await outcomeOf(actionOf('while (true) {}'), { timeoutMs: 300 })).toMatchObject({
      status: 'timed_out',
      error: { code: 'script_unresponsive' },
    });
  });

  it('is killed when it blocks while it is loaded', async () => {
    const source = actionOf('return 1', 'while (Date.now() > 0) {}');
    expect(await outcomeOf(source, { timeoutMs: 300 })).toMatchObject({ error: { code: 'script_unresponsive' } });
  });

  it('ends at its deadline when it waits for ever and ignores the signal', async () => {
    expect(await outcomeOf(actionOf('await new Promise(() => {})'), { timeoutMs: 300 })).toMatchObject({
      status: 'timed_out',
      error: { code: 'script_timed_out' },
    });
  });

  it('ends when its page is never acknowledged', async () => {
    const script = run(saving(1), { timeoutMs: 500, onPage: () => new Promise(() => undefined) });
    expect(await script.outcome).toMatchObject({ status: 'timed_out', error: { code: 'script_timed_out' } });
    expect(script.pages).toHaveLength(1);
  });

  it.each([
    ['that waits', 'await new Promise(() => {})'],
    ['that blocks its process', 'await new Promise(setImmediate); while (true) {}'],
  ])('is cancelled, also one %s', async (_name, body) => {
    const cancel = new AbortController();
    const script = run(actionOf(body), { signal: cancel.signal });
    await script.started;
    cancel.abort();
    expect(await script.outcome).toMatchObject({ status: 'cancelled', error: { code: 'run_cancelled' } });
  });

  it('is cancelled while it waits for a slot', async () => {
    const cancel = new AbortController();
    const small = createTestPool({ size: 1 });
    const first = runScript(small, actionOf('await new Promise(() => {})'));
    const second = runScript(small, actionOf('return 1'), { signal: cancel.signal });
    await first.started;
    cancel.abort();
    expect(await second.outcome).toMatchObject({ status: 'cancelled' });
    await small.stop();
    expect(await first.outcome).toMatchObject({ status: 'lost', error: { code: 'run_lost' } });
  });

  it('is ended when its process is stopped by a signal and says nothing', async () => {
    const script = run(actionOf('await new Promise(() => {})'), { timeoutMs: 800 });
    await script.started;
    for (const pid of workerPids()) process.kill(pid, 'SIGSTOP');
    const outcome = await script.outcome;
    for (const pid of workerPids()) process.kill(pid, 'SIGCONT');
    expect(outcome).toMatchObject({ status: 'timed_out', error: { code: 'script_unresponsive' } });
  });
});

describe('a script that takes too much', () => {
  it.each([
    ['lists', 'const all: unknown[] = []; for (;;) all.push(new Array(1000).fill(all.length));'],
    ['a growing map', 'const all = new Map(); for (let i = 0; ; i++) all.set(i, { i, text: "x" + i });'],
    [
      'Buffers, which no heap limit sees',
      'const all: Buffer[] = []; for (;;) { all.push(Buffer.alloc(4_000_000, 1)); await new Promise(setImmediate); }',
    ],
    ['Buffers in a loop without a pause', 'const all: Buffer[] = []; for (;;) all.push(Buffer.alloc(1_000_000, 1));'],
  ])('of memory, by %s, ends as out of memory', async (_name, body) => {
    expect(await outcomeOf(actionOf(body))).toMatchObject({
      status: 'failed',
      error: { code: 'script_out_of_memory' },
    });
  });

  it('of the log is cut off, and says so', async () => {
    const script = run(actionOf('for (let i = 0; i < 200_000; i++) console.log("line", i); return 1;'));
    expect(await script.outcome).toMatchObject({ status: 'succeeded' });
    expect(script.logs.length).toBeLessThanOrEqual(5_001);
    expect(script.logs.at(-1)?.message).toContain('log of this run is full');
  });

  it('of one log entry is cut off', async () => {
    const script = run(actionOf('action.log.info("x".repeat(5_000_000), { y: "y".repeat(5_000_000) }); return 1;'));
    expect(await script.outcome).toMatchObject({ status: 'succeeded' });
    expect(script.logs[0]?.message.length).toBeLessThan(11_000);
    expect(JSON.stringify(script.logs[0]?.data).length).toBeLessThan(50_000);
  });
});

describe('a script that ends its process', () => {
  it.each([
    ['process.exit()', 'process.exit(0)'],
    ['process.exit(3) of the required module', 'require("node:process").exit(3)'],
    ['process.abort()', 'process.abort()'],
    ['process.exit() in a timer', 'setTimeout(() => process.exit(1), 1); await new Promise(() => {});'],
  ])('by %s has exited', async (_name, body) => {
    expect(await outcomeOf(actionOf(body))).toMatchObject({ status: 'failed', error: { code: 'script_exited' } });
  });

  it('cannot send a signal to the server', async () => {
    expect(await outcomeOf(actionOf('process.kill(process.ppid, "SIGKILL")'))).toMatchObject({
      status: 'failed',
      error: { code: 'script_failed', message: expect.stringContaining('kill is not a function') },
    });
  });

  it('is lost when its process is killed from outside', async () => {
    const script = run(actionOf('await new Promise(() => {})'));
    await script.started;
    for (const pid of workerPids()) process.kill(pid, 'SIGKILL');
    expect(await script.outcome).toMatchObject({ status: 'lost', error: { code: 'run_lost' } });
  });

  it('is not lost when the spare that was to serve it was killed while it started', async () => {
    const fresh = createTestPool();
    fresh.warmUp();
    for (const pid of workerPids()) process.kill(pid, 'SIGKILL');
    expect(await runScript(fresh, actionOf('return 1')).outcome).toEqual({ status: 'succeeded', output: 1 });
    await fresh.stop();
  });
});

describe('a script that throws', () => {
  it('fails with its message and the lines of its own source', async () => {
    const source = actionOf(
      '    const check = (value: number): number => {\n      throw new TypeError(`no ${value}`);\n    };\n    return check(1);',
      'interface Unused { a: string }',
    );
    const outcome = await outcomeOf(source);
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'script_failed', message: 'TypeError: no 1' } });
    const stack = 'error' in outcome ? (outcome.error.stack ?? '') : '';
    const line = source.split('\n').findIndex((text) => text.includes('throw new')) + 1;
    expect(stack.split('\n')[0]).toContain(`${scriptPath}:${line}:13`);
    expect(stack).not.toMatch(/node:|child\.js/);
  });

  it.each([
    ['an exception in a timer', 'setTimeout(() => { throw new Error("late") }, 1); await new Promise(() => {});'],
    ['a rejection that nobody handles', 'void Promise.reject(new Error("late")); await new Promise(() => {});'],
    ['in an event', 'const { EventEmitter } = require("events"); new EventEmitter().emit("error", new Error("late"));'],
  ])('fails by %s', async (_name, body) => {
    expect(await outcomeOf(actionOf(body))).toMatchObject({
      status: 'failed',
      error: { code: 'script_failed', message: 'late' },
    });
  });

  it.each([
    ['a text', 'throw "oops"'],
    ['nothing', 'throw undefined'],
    ['an error that cannot be read', 'throw Object.defineProperty(new Error(), "message", { get() { throw 1 } })'],
    ['a value that cannot be shown', 'throw { [Symbol.for("nodejs.util.inspect.custom")]() { throw new Error("x") } }'],
  ])('fails by %s', async (_name, body) => {
    expect(await outcomeOf(actionOf(body))).toMatchObject({ status: 'failed', error: { code: 'script_failed' } });
  });

  it('does not reach into the next run by a timer that it left', async () => {
    const left =
      'setTimeout(() => { throw new Error("left behind") }, 5); setInterval(() => process.exit(1), 5).unref(); return 1;';
    expect(await outcomeOf(actionOf(left))).toMatchObject({ status: 'succeeded' });
    const next = actionOf('await new Promise((resolve) => setTimeout(resolve, 50)); return 2;');
    expect(await outcomeOf(next)).toEqual({ status: 'succeeded', output: 2 });
  });

  it('does not reach into the next run by work that it left', async () => {
    const left =
      'void require("timers/promises").setTimeout(5).then(() => { throw new Error("left behind") }); return 1;';
    expect(await outcomeOf(actionOf(left))).toMatchObject({ status: 'succeeded' });
    const next = actionOf('await new Promise((resolve) => setTimeout(resolve, 50)); return 2;');
    expect(await outcomeOf(next)).toEqual({ status: 'succeeded', output: 2 });
  });
});

describe('a script that looks around', () => {
  it.each([
    ['files', 'return require("node:fs").readFileSync("/etc/passwd", "utf8")', /no file system/],
    ['files, by promises', 'return await require("fs/promises").readFile("/etc/passwd", "utf8")', /no file system/],
    ['processes', 'return require("node:child_process").execSync("id").toString()', /cannot load "node:child_process"/],
    ['threads', 'return require("worker_threads").threadId', /cannot load "worker_threads"/],
    ['a new context', 'return require("vm").runInThisContext("1")', /cannot load "vm"/],
    ['modules', 'return require("module").builtinModules', /cannot load "module"/],
    ['the inspector', 'return require("inspector").url()', /cannot load "inspector"/],
    ['hooks', 'return require("async_hooks").createHook({})', /createHook is not a function/],
    ['bindings', 'return (process as any).binding("fs")', /binding is not a function/],
    ['built-in modules', 'return (process as any).getBuiltinModule("fs")', /getBuiltinModule is not a function/],
    ['modules by import()', 'return await (0, eval)("import(\'node:child_process\')")', /dynamic import/i],
    ['modules by a made function', 'return await Function("return import(\'node:fs\')")()', /dynamic import/i],
    ['libraries that are not bundled', 'return (0, eval)("require(\'pg\')")', /require is not defined/],
  ])('finds no %s', async (_name, body, message) => {
    expect(await outcomeOf(actionOf(body))).toMatchObject({
      status: 'failed',
      error: { message: expect.stringMatching(message) },
    });
  });

  it('finds an empty environment, no channel and no process but a stand-in', async () => {
    const body = `return {
      env: Object.keys(process.env),
      send: typeof (process as any).send,
      channel: typeof (process as any).channel,
      disconnect: typeof (process as any).disconnect,
      same: process === require('process') && process === globalThis.process,
      cwd: process.cwd(),
    };`;
    expect(await outcomeOf(actionOf(body))).toEqual({
      status: 'succeeded',
      output: { env: [], send: 'undefined', channel: 'undefined', disconnect: 'undefined', same: true, cwd: '/' },
    });
  });

  it('cannot end its run by a message of its own', async () => {
    const body = '(process as any).send({ type: "succeeded", runId: action.runId, output: "forged", reusable: true })';
    expect(await outcomeOf(actionOf(body))).toMatchObject({ status: 'failed', error: { code: 'script_failed' } });
  });

  it('cannot write to the channel by its file descriptor', async () => {
    const body = 'new (require("net").Socket)({ fd: 3 }).write("forged")';
    expect(await outcomeOf(actionOf(body))).toMatchObject({ status: 'failed', error: { code: 'script_incompatible' } });
  });

  it('does not find its credential in what it logs', async () => {
    const script = run(
      actionOf('action.log.info("key-of-acme", { a: "key-of-acme" }); throw new Error("key-of-acme");'),
    );
    expect(JSON.stringify([await script.outcome, script.logs])).not.toContain('key-of-acme');
  });
});

describe('a script that changes what all scripts share', () => {
  const sees = actionOf(`return {
    global: (globalThis as any).left,
    prototype: ([] as any).left,
    json: JSON.stringify({ a: 1 }),
    crypto: typeof require('crypto').left,
    state: (globalThis as any).counter,
  };`);

  it.each([
    ['globals', '(globalThis as any).left = 1; return 1;'],
    ['prototypes', '(Array.prototype as any).left = 1; return 1;'],
    ['built-in functions', 'JSON.stringify = () => "patched"; return 1;'],
    ["Node's modules", 'require("crypto").left = 1; return 1;'],
  ])('such as %s, is alone with it', async (_name, body) => {
    await outcomeOf(actionOf(body));
    expect(await outcomeOf(sees)).toEqual({ status: 'succeeded', output: { json: '{"a":1}', crypto: 'undefined' } });
  });

  it('starts every run with fresh state of its own', async () => {
    const counting = actionOf('calls += 1; return calls;', 'let calls = 0;');
    expect(await outcomeOf(counting)).toEqual({ status: 'succeeded', output: 1 });
    expect(await outcomeOf(counting)).toEqual({ status: 'succeeded', output: 1 });
  });
});

/** Children of this process that run the worker, and are on a run or wait for one. */
function workerPids(): number[] {
  const tasks = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8');
  return tasks
    .split(' ')
    .map(Number)
    .filter((pid) => pid > 0 && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('worker/child.js'));
}

function saving(count: number): string {
  return `import { defineSync, z } from '@tenon/runtime';
export default defineSync({
  models: { Item: z.object({ id: z.string() }) },
  run: (sync) => sync.save('Item', Array.from({ length: ${count} }, (_, index) => ({ id: String(index) }))),
});
`;
}
