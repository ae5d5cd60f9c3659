import { createHash, randomUUID } from 'node:crypto';
import { buildSync } from 'esbuild';
import { providerSchema, type ActiveCredential, type ProviderInput } from '@tenon/runtime/provider';
import type { OutgoingPage, PageCounts, StartRun } from '@tenon/runtime/execute';
import type { RunOutcome, RunRequest, WorkerLogEntry } from '../run-request.ts';
import { createWorkerPool, type WorkerPool, type WorkerPoolOptions } from '../worker-pool.ts';

/** A pool with small limits. Stop it after the test. */
export function createTestPool(options: Partial<WorkerPoolOptions> = {}): WorkerPool {
  return createWorkerPool({
    size: 2,
    heapLimitMb: 64,
    rssLimitMb: 200,
    allowPrivateAddresses: true,
    maxRunsPerWorker: 1_000,
    maxWorkerAgeMs: 3_600_000,
    killGraceMs: 300,
    pageDrainMs: 50,
    logger: { debug: () => undefined, warn: () => undefined },
    clock: Date,
    ...options,
  });
}

export interface ScriptRun {
  readonly outcome: Promise<RunOutcome>;
  readonly started: Promise<void>;
  readonly logs: WorkerLogEntry[];
  readonly pages: OutgoingPage[];
}

export interface ScriptRunOptions {
  environmentId?: number;
  priority?: number;
  isNested?: boolean;
  timeoutMs?: number;
  /** As in a preview. */
  blocksWrites?: boolean;
  input?: unknown;
  credential?: ActiveCredential;
  baseUrl?: string;
  /** On top of a provider with an API key as Bearer. */
  provider?: Partial<ProviderInput>;
  integration?: Record<string, string>;
  /** Source of the provider's hooks. */
  hooks?: string;
  signal?: AbortSignal;
  sync?: StartRun['sync'];
  onPage?: (page: OutgoingPage) => Promise<PageCounts>;
  onAsk?: RunRequest['onAsk'];
  renewCredential?: RunRequest['renewCredential'];
  /** Instead of the script's bundle. */
  loadBundle?: RunRequest['loadBundle'];
}

/** Runs a script's TypeScript source on a pool: compiled as the CLI does, with nothing behind it but the test. */
export function runScript(pool: WorkerPool, source: string, options: ScriptRunOptions = {}): ScriptRun {
  const code = bundleScript(source);
  const hooksCode = options.hooks === undefined ? undefined : bundleScript(options.hooks);
  const hashOf = (one: string) => createHash('sha256').update(one).digest('hex');
  const logs: WorkerLogEntry[] = [];
  const pages: OutgoingPage[] = [];
  let onStarted: () => void = () => undefined;
  const started = new Promise<void>((resolve) => {
    onStarted = resolve;
  });
  const kind = source.includes('defineSync(') ? 'sync' : 'action';
  const outcome = pool.execute({
    environmentId: options.environmentId ?? 1,
    bundleHash: hashOf(code),
    ...(hooksCode !== undefined && { hooks: { hash: hashOf(hooksCode), source: 'providers/sandbox.hooks.ts' } }),
    loadBundle:
      options.loadBundle ??
      ((hash) => Promise.resolve(hooksCode !== undefined && hash === hashOf(hooksCode) ? hooksCode : code)),
    priority: options.priority ?? 0,
    isNested: options.isNested ?? false,
    signal: options.signal ?? new AbortController().signal,
    onStarted,
    onLog: (entry) => logs.push(entry),
    onPage: async (page) => {
      pages.push(page);
      const counts = (await options.onPage?.(page)) ?? {
        added: page.records.length,
        updated: 0,
        unchanged: 0,
        deleted: 0,
        quarantined: 0,
        held: 0,
      };
      return { counts, conflicts: [] };
    },
    onAsk: options.onAsk ?? (({ kind }) => Promise.reject(new Error(`Nobody answers ${kind}.`))),
    renewCredential: options.renewCredential ?? (() => Promise.reject(new Error('There is no other credential.'))),
    start: {
      runId: randomUUID(),
      function: { kind, integration: 'sandbox', name: 'script', source: scriptPath },
      connection: { id: 'acme', config: {}, metadata: {} },
      integration: options.integration ?? {},
      provider: providerSchema.parse({
        name: 'sandbox',
        displayName: 'Sandbox',
        docs: 'https://example.com/docs',
        sources: ['https://example.com/docs'],
        auth: { mode: 'api_key', fields: { apiKey: { title: 'API key', secret: true } } },
        headers: { authorization: 'Bearer ${credential.apiKey}' },
        baseUrl: options.baseUrl ?? 'http://127.0.0.1:9',
        retry: { maxAttempts: 1 },
        ...options.provider,
      }),
      credential: options.credential ?? { mode: 'api_key', fields: { apiKey: 'key-of-acme' } },
      timeoutMs: options.timeoutMs ?? 20_000,
      ...(options.blocksWrites && { blocksWrites: true }),
      ...(kind === 'sync'
        ? { sync: options.sync ?? { settings: {}, mode: 'run', state: {}, cursorOptions: null } }
        : { action: { input: options.input } }),
    },
  });
  return { outcome, started, logs, pages };
}

export const scriptPath = 'integrations/sandbox/actions/script.ts';

/** An action around a body. */
export function actionOf(body: string, prelude = ''): string {
  return `import { defineAction, z } from '@tenon/runtime';
${prelude}
export default defineAction({
  input: z.any(),
  output: z.any(),
  async run(action) {
${body}
  },
});
`;
}

/** Compiled as the CLI does. */
export function bundleScript(source: string): string {
  const result = buildSync({
    stdin: { contents: source, loader: 'ts', sourcefile: scriptPath, resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    sourcemap: 'inline',
    external: ['@tenon/runtime', 'zod', 'node:*'],
    logLevel: 'silent',
  });
  return result.outputFiles[0]?.text ?? '';
}
