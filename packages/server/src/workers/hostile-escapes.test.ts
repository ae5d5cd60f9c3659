import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actionOf, createTestPool, runScript, type ScriptRunOptions } from './testing/script-pool.ts';
import type { WorkerPool } from './worker-pool.ts';

let pool: WorkerPool;
beforeAll(() => {
  pool = createTestPool({ size: 1 });
});
afterAll(() => pool.stop());

const outcomeOf = (source: string, options?: ScriptRunOptions) => runScript(pool, source, options).outcome;
const secret = 'TENON_ENCRYPTION_KEY-of-the-server';

describe('a script that looks for what is not its own', () => {
  beforeAll(() => {
    process.env.TENON_TEST_SECRET = secret;
  });
  afterAll(() => {
    delete process.env.TENON_TEST_SECRET;
  });

  /** Each returns what it found; whatever it throws counts as nothing. */
  const searches: [what: string, body: string][] = [
    ['the environment', 'return process.env;'],
    ['the environment in globalThis', 'return globalThis.process.env;'],
    ['the environment of its process, as a file', 'return require("fs").readFileSync("/proc/self/environ", "utf8");'],
    ["the server's environment", 'return require("fs").readFileSync("/proc/" + process.ppid + "/environ", "utf8");'],
    ['a report of the process', 'return (process as any).report.getReport();'],
    ['an absolute path', 'return (0, eval)("require")("/etc/passwd");'],
    ['a path by require', 'const name = "/etc/passwd"; return require(name);'],
    ['a relative path by require', 'const name = "../../../../../../etc/passwd"; return require(name);'],
    ['the cache of modules', 'return (require as any).cache;'],
    ['the main module', 'return (require as any).main;'],
    ['a file URL by import()', 'return await (0, eval)("import(\'file:///etc/passwd\')");'],
    ['a data URL by import()', 'return await (0, eval)("import(\'data:text/javascript,export default 1\')");'],
    ['a file by fetch', 'return await (await fetch("file:///etc/passwd")).text();'],
    ['a file by a source map', '(0, eval)("throw new Error(1) //# sourceMappingURL=file:///etc/passwd"); return 1;'],
    [
      'the module loader by a function',
      'return Function("return typeof require + typeof module + typeof __filename")();',
    ],
    ['its own caller', 'function f() { return (f as any).caller; } return f();'],
    [
      'frames of the host',
      `const before = Error.prepareStackTrace;
       Error.prepareStackTrace = (_error, frames) => frames.map((frame) => [frame.getThis(), frame.getFunction()]);
       const { stack } = new Error();
       Error.prepareStackTrace = before;
       return (stack as any).flat().filter(Boolean).flatMap((one) => Object.keys(one.env ?? {}));`,
    ],
    ['open handles', 'return (process as any)._getActiveHandles().length;'],
    ['the channel, by the constructor of a handle', 'return new (require("net").Socket)({ fd: 3 });'],
    ['its standard output as a socket', 'return new (require("net").Socket)({ fd: 1 });'],
    ['internal bindings', 'return (process as any)._linkedBinding("fs");'],
    ['native code', '(process as any).dlopen({ exports: {} }, "/tmp/x.node"); return 1;'],
    ['a storage of files', 'return typeof (globalThis as any).localStorage?.getItem;'],
  ];

  it.each(searches)('does not find it by %s', async (_what, body) => {
    const outcome = await outcomeOf(actionOf(body));
    const text = JSON.stringify(outcome);
    expect(text).not.toMatch(/TENON_|root:/);
    if (outcome.status === 'succeeded') {
      expect([undefined, {}, [], 'undefined', 'undefinedundefinedundefined', null]).toContainEqual(outcome.output);
    } else {
      expect(outcome.status).toBe('failed');
    }
  });

  it('cannot require what leads out of its process, and is told what to do', async () => {
    const names = [
      'child_process',
      'worker_threads',
      'vm',
      'inspector',
      'inspector/promises',
      'module',
      'cluster',
      'dgram',
      'repl',
      'v8',
      'wasi',
      'perf_hooks',
      'diagnostics_channel',
      'trace_events',
      'sys',
      'sqlite',
      'test',
      'sea',
      'domain',
      '_http_client',
      '_tls_wrap',
      'internal/process',
      'readline',
      './child.js',
      '/etc/passwd',
      'file:///etc/passwd',
    ];
    // One run for all: a process for each would take longer than everything else here.
    const body = `
      const answers: Record<string, unknown> = {};
      for (const name of ${JSON.stringify(names)}) {
        try {
          answers[name] = Object.keys(require(name));
        } catch (error: any) {
          answers[name] = { code: error.code, hint: error.hint };
        }
      }
      return answers;`;
    const refusal = { code: 'script_incompatible', hint: expect.stringContaining('another library') };
    expect(await outcomeOf(actionOf(body))).toEqual({
      status: 'succeeded',
      output: Object.fromEntries(names.map((name) => [name, refusal])),
    });
  });
});

describe('a script that looks for what an earlier run left', () => {
  /** What one run leaves, and how the next one would read it. */
  const hidings: [where: string, leave: string, find: string][] = [
    ['a global', '(globalThis as any).left = "mine";', 'return (globalThis as any).left;'],
    ['a prototype', '(Object.prototype as any).left = "mine";', 'return ({} as any).left;'],
    [
      'a symbol',
      '(globalThis as any)[Symbol.for("left")] = "mine";',
      'return (globalThis as any)[Symbol.for("left")];',
    ],
    ['a module of Node', 'require("path").left = "mine";', 'return require("path").left;'],
    ['a supplied module', 'require("os").left = "mine";', 'return require("os").left;'],
    ['the runtime', 'require("@tenon/runtime").left = "mine";', 'return (require("@tenon/runtime") as any).left;'],
    [
      'its process',
      '(process as any).left = "mine"; process.env.LEFT = "mine";',
      'return (process as any).left ?? process.env.LEFT;',
    ],
    ['its console', '(console as any).left = "mine";', 'return (console as any).left;'],
    [
      'a registry of zod',
      'z.globalRegistry.add(z.string(), { id: "mine" });',
      'return [...(z.globalRegistry as any)._idmap.keys()][0];',
    ],
    [
      'an async context',
      'new (require("async_hooks").AsyncLocalStorage)().enterWith("mine");',
      'return new (require("async_hooks").AsyncLocalStorage)().getStore();',
    ],
    ['the timeline', 'performance.mark("mine");', 'return performance.getEntriesByName("mine").length || undefined;'],
    [
      'a class of Node',
      'require("http").Agent.prototype.left = "mine";',
      'return require("http").Agent.prototype.left;',
    ],
    ['an agent', 'require("http").globalAgent.left = "mine";', 'return require("http").globalAgent.left;'],
  ];

  it.each(hidings)('finds nothing in %s', async (_where, leave, find) => {
    await outcomeOf(actionOf(`${leave} return 1;`));
    expect(await outcomeOf(actionOf(find))).toEqual({ status: 'succeeded' });
  });

  it.each([
    ['a registry of what is collected', 'new FinalizationRegistry(() => process.exit(1)).register({}, 1);'],
    ['an observer', 'new PerformanceObserver(() => process.exit(1)).observe({ entryTypes: ["mark"] });'],
    [
      'a port',
      'const { port1 } = new MessageChannel(); port1.onmessage = () => process.exit(1); (port1 as any).unref();',
    ],
    ['a promised timer', 'require("timers/promises").setTimeout(20, 1, { ref: false }).then(() => process.exit(1));'],
    [
      'a promised timer of timers',
      'require("timers").promises.setTimeout(20, 1, { ref: false }).then(() => process.exit(1));',
    ],
    [
      'a promisified timer',
      'require("util").promisify(setTimeout)(20, 1, { ref: false }).then(() => process.exit(1));',
    ],
    ['an interval', 'setInterval(() => process.exit(1), 20).unref();'],
    ['a listener', 'process.on("exit", () => { for (;;); });'],
    ['a socket', 'require("net").connect({ host: "x.invalid", port: 1, lookup: () => undefined }).unref();'],
  ])('is not met by %s', async (_what, leave) => {
    await outcomeOf(actionOf(`${leave} return 1;`));
    const next = actionOf('performance.mark("x"); await new Promise((resolve) => setTimeout(resolve, 60)); return 2;');
    expect(await outcomeOf(next)).toEqual({ status: 'succeeded', output: 2 });
  });
});

describe('a script that outlives its deadline', () => {
  it.each([
    ['a regular expression', '/^(a+)+$/.test("a".repeat(60) + "b");'],
    ['a wait for memory', 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);'],
    ['promises', 'const next = (): Promise<void> => Promise.resolve().then(next); await next();'],
    ['ticks', 'const next = () => process.nextTick(next); next(); await new Promise(() => {});'],
    ['turns of the loop', 'for (;;) await new Promise(setImmediate);'],
    ['handlers of its exit', 'process.on("exit", () => { for (;;); }); await new Promise(() => {});'],
    ['handlers of signals', 'process.on("SIGTERM", () => {}); process.on("SIGKILL" as any, () => {}); for (;;);'],
    [
      'WebAssembly',
      `const code = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 8, 1, 4, 108, 111,
         111, 112, 0, 0, 10, 9, 1, 7, 0, 3, 64, 12, 0, 11, 11]);
       (new WebAssembly.Instance(new WebAssembly.Module(code)).exports.loop as () => void)();`,
    ],
    ['a caught abort', 'for (;;) { try { await new Promise((_, reject) => setTimeout(reject, 5)); } catch {} }'],
    ['a sort', '[..."ab"].sort(() => { for (;;); });'],
    ['a proxy', 'JSON.stringify(new Proxy({}, { ownKeys: () => { for (;;); } }));'],
    ['its answer', 'return { toJSON() { for (;;); } };'],
    ['its error', 'throw { get message() { for (;;); }, [Symbol.for("nodejs.util.inspect.custom")]() { for (;;); } };'],
    ['hashing', 'require("crypto").pbkdf2Sync("a", "b", 2 ** 31 - 1, 64, "sha512");'],
    [
      'very many timers',
      'for (let i = 0; ; i++) { setTimeout(() => {}, 1e9); if (i % 1e4 === 0) await new Promise(setImmediate); }',
    ],
  ])('by %s is ended', async (_way, body) => {
    const outcome = await outcomeOf(actionOf(body), { timeoutMs: 300 });
    expect(['timed_out', 'failed']).toContain(outcome.status);
    expect('error' in outcome && outcome.error.code).toMatch(/^script_(timed_out|unresponsive|out_of_memory)$/);
  });
});

describe('a script that takes too much memory', () => {
  it.each([
    ['one text', 'let text = "x"; for (;;) { text = text + text + Math.random(); text.indexOf("y"); }'],
    ['one buffer', 'return Buffer.alloc(3e9, 1).length;'],
    [
      'memory of WebAssembly',
      'const m = new WebAssembly.Memory({ initial: 1 }); for (;;) { m.grow(500); new Uint8Array(m.buffer).fill(1); }',
    ],
    ['a recursion', 'const f = (): number => f() + 1; return f();'],
    ['very many promises', 'const all = []; for (;;) all.push(new Promise(() => {}));'],
  ])('by %s fails alone', async (_way, body) => {
    expect(await outcomeOf(actionOf(body))).toMatchObject({
      status: 'failed',
      error: { code: expect.stringMatching(/^script_(out_of_memory|failed|exited)$/) },
    });
    expect(await outcomeOf(actionOf('return 2'))).toEqual({ status: 'succeeded', output: 2 });
  });
});
