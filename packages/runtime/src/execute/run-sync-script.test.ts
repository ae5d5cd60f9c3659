import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineSync, type Models, type SyncDefinition, type SyncOptions } from '../define/define-sync.ts';
import { TenonError } from '../errors/tenon-error.ts';
import { runSyncScript } from './run-sync-script.ts';
import type { SyncEnvironment } from './script-environment.ts';
import type { OutgoingPage } from './worker-protocol.ts';

const Issue = z.object({ id: z.union([z.string(), z.number()]), title: z.string(), at: z.number().optional() });
const User = z.object({ id: z.string(), at: z.number().optional() });

const noRequests: SyncEnvironment['requests'] = {
  request: () => Promise.reject(new Error('offline')),
  get: () => Promise.reject(new Error('offline')),
  post: () => Promise.reject(new Error('offline')),
  put: () => Promise.reject(new Error('offline')),
  patch: () => Promise.reject(new Error('offline')),
  delete: () => Promise.reject(new Error('offline')),
  paginate: () => {
    throw new Error('offline');
  },
};

interface Recorded {
  environment: SyncEnvironment;
  pages: OutgoingPage[];
  logs: string[];
}

function record(overrides: Partial<SyncEnvironment> = {}): Recorded {
  const pages: OutgoingPage[] = [];
  const logs: string[] = [];
  const environment: SyncEnvironment = {
    runId: 'run-1',
    integration: 'sandbox',
    connection: { id: 'acme', config: {}, metadata: { plan: 'pro' } },
    requests: noRequests,
    signal: new AbortController().signal,
    ask: ({ kind }) => Promise.reject(new Error(`nobody answers ${kind}`)),
    log: (level, message) => logs.push(`${level}: ${message}`),
    commitPage: async (page) => {
      pages.push(page);
      return { conflicts: [] };
    },
    ...overrides,
  };
  return { environment, pages, logs };
}

function syncOf<M extends Models>(
  models: M,
  run: SyncOptions<M, undefined>['run'],
  more: Partial<SyncOptions<M, undefined>> = {},
): SyncDefinition {
  return defineSync<M, undefined>({ models, run, ...more }) as unknown as SyncDefinition;
}

const issues = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => ({ id: from + index, title: `t${from + index}`, at: from + index }));

describe('runSyncScript', () => {
  it('sends records in pages of up to 1,000, in order, and the rest at the end', async () => {
    const { environment, pages } = record();
    await runSyncScript(
      syncOf({ Issue }, async (sync) => {
        for (let page = 0; page < 25; page += 1) await sync.save('Issue', issues(page * 100, page * 100 + 100));
      }),
      environment,
    );
    expect(pages.map((page) => [page.sequence, page.records.length])).toEqual([
      [1, 1000],
      [2, 1000],
      [3, 500],
    ]);
    expect(pages[0]?.records[0]).toMatchObject({ id: '0', json: '{"at":0,"id":0,"title":"t0"}' });
  });

  it('splits pages by size too', async () => {
    const { environment, pages } = record();
    const big = 'x'.repeat(900_000);
    await runSyncScript(
      syncOf({ Issue }, (sync) =>
        sync.save(
          'Issue',
          [1, 2, 3, 4].map((id) => ({ id, title: big })),
        ),
      ),
      environment,
    );
    expect(pages.map((page) => page.records.length)).toEqual([3, 1]);
  });

  it('keeps the last of two records of one id in a page', async () => {
    const { environment, pages } = record();
    await runSyncScript(
      syncOf({ Issue }, async (sync) => {
        await sync.save('Issue', [{ id: 1, title: 'old' }]);
        await sync.save('Issue', [{ id: '1', title: 'new' }]);
      }),
      environment,
    );
    expect(pages[0]?.records.map((saved) => saved.json)).toEqual(['{"id":"1","title":"new"}']);
  });

  it('lets the last of save and remove win', async () => {
    const { environment, pages } = record();
    await runSyncScript(
      syncOf(
        { Issue },
        async (sync) => {
          await sync.save('Issue', issues(1, 3));
          await sync.delete('Issue', [1, 9]);
          await sync.save('Issue', issues(9, 10));
        },
        { deletes: 'feed' },
      ),
      environment,
    );
    expect(pages).toHaveLength(1);
    expect(pages[0]?.records.map((saved) => saved.id)).toEqual(['2', '9']);
    expect(pages[0]?.deletedIds).toEqual(['1']);
  });

  it('stores what the model reads: unknown keys are dropped and defaults filled in', async () => {
    const Model = z.object({ id: z.string(), state: z.string().default('open'), at: z.coerce.date() });
    const { environment, pages } = record();
    const raw = { id: 'a', at: '2024-01-01T00:00:00Z', secret: 'x' };
    await runSyncScript(
      syncOf({ Model }, (sync) => sync.save('Model', [raw])),
      environment,
    );
    expect(pages[0]?.records[0]?.json).toBe('{"at":"2024-01-01T00:00:00.000Z","id":"a","state":"open"}');
  });

  it('puts a record that is not what its model says into quarantine, with path and reason, and goes on', async () => {
    const { environment, pages } = record();
    const bad = [{ id: 7, title: 5 }] as unknown as [{ id: number; title: string }];
    const result = await runSyncScript(
      syncOf({ Issue }, (sync) => sync.save('Issue', [...bad, ...issues(0, 3)])),
      environment,
    );
    expect(pages[0]?.quarantined).toEqual([
      {
        id: '7',
        json: '{"id":7,"title":5}',
        problems: [{ path: 'title', message: expect.stringContaining('string') }],
      },
    ]);
    expect(pages[0]?.records).toHaveLength(3);
    expect(result.read).toBe(4);
  });

  it.each([
    ['empty', ''],
    ['with NUL', 'a\0b'],
    ['too long', 'x'.repeat(1_001)],
  ])('puts a record into quarantine whose id is %s', async (_name, id) => {
    const { environment, pages } = record();
    await runSyncScript(
      syncOf({ User }, (sync) => sync.save('User', [{ id }, { id: 'good' }])),
      environment,
    );
    expect(pages[0]?.quarantined).toMatchObject([{ id: null, problems: [{ path: 'id' }] }]);
  });

  it('fails before the page goes out when more than the share is invalid, or all', async () => {
    const broken = (count: number) =>
      Array.from({ length: count }, (_, id) => ({ id, title: 5 })) as unknown as Array<{ id: number; title: string }>;
    const run = async (invalid: number, valid: number, share?: number) => {
      const { environment, pages } = record();
      const more = share === undefined ? {} : { quarantine: { share } };
      const outcome = await runSyncScript(
        syncOf({ Issue }, (sync) => sync.save('Issue', [...issues(100, 100 + valid), ...broken(invalid)]), more),
        environment,
      ).then(
        () => 'done',
        (error: TenonError) => error.code,
      );
      return [outcome, pages.length];
    };
    expect(await run(1, 0)).toEqual(['quarantine_exceeded', 0]);
    expect(await run(10, 1)).toEqual(['done', 1]);
    expect(await run(11, 98)).toEqual(['quarantine_exceeded', 0]);
    expect(await run(11, 99)).toEqual(['done', 1]);
    expect(await run(30, 30, 0.5)).toEqual(['done', 1]);
    expect(await run(3, 0, 1)).toEqual(['done', 1]);
  });

  it('refuses deletions that the sync does not declare, also when the script swallows the error', async () => {
    const { environment } = record();
    const run = runSyncScript(
      syncOf({ User }, async (sync) => {
        await sync.delete('User', ['u']).catch(() => undefined);
      }),
      environment,
    );
    await expect(run).rejects.toMatchObject({ code: 'deletes_undeclared', hint: expect.stringContaining('feed') });
  });

  it('refuses a model that is not declared, also one that every object has', async () => {
    const { environment } = record();
    const run = runSyncScript(
      syncOf({ Issue }, (sync) => sync.save('constructor' as 'Issue', issues(0, 1))),
      environment,
    );
    await expect(run).rejects.toMatchObject({ code: 'model_unknown', hint: expect.stringContaining('Issue') });
  });

  it('waits for saves that the script did not await', async () => {
    const { environment, pages } = record();
    await runSyncScript(
      syncOf({ Issue }, (sync) => {
        void sync.save('Issue', issues(0, 10));
        void sync.save('Issue', issues(10, 20));
      }),
      environment,
    );
    expect(pages[0]?.records).toHaveLength(20);
  });

  it('keeps at most four pages in flight: save waits', async () => {
    const waiting: Array<() => void> = [];
    let most = 0;
    const { environment } = record({
      commitPage: () =>
        new Promise((resolve) => {
          waiting.push(() => resolve({ conflicts: [] }));
          most = Math.max(most, waiting.length);
          if (waiting.length === 4) setImmediate(() => waiting.splice(0).forEach((resume) => resume()));
        }),
    });
    await runSyncScript(
      syncOf({ Issue }, (sync) => sync.save('Issue', issues(0, 12_000))),
      environment,
    );
    expect(most).toBe(4);
  });

  it('fails when a page fails, and sends no more', async () => {
    let calls = 0;
    const { environment } = record({
      commitPage: () => {
        calls += 1;
        return Promise.reject(new TenonError('unavailable', 'The database is away.'));
      },
    });
    const run = runSyncScript(
      syncOf({ Issue }, async (sync) => {
        for (let page = 0; page < 20; page += 1) await sync.save('Issue', issues(page * 1000, page * 1000 + 1000));
      }),
      environment,
    );
    await expect(run).rejects.toMatchObject({ code: 'unavailable' });
    expect(calls).toBeLessThanOrEqual(4);
  });

  it('commits the cursor with each page when ascending, covering only records in it or before it', async () => {
    const { environment, pages } = record({ state: { cursor: 5 } });
    const seen: unknown[] = [];
    const result = await runSyncScript(
      syncOf(
        { Issue },
        async (sync) => {
          seen.push(sync.cursor);
          await sync.save('Issue', issues(0, 2_500));
        },
        { cursor: { field: 'at', order: 'ascending' } },
      ),
      environment,
    );
    expect(seen).toEqual([5]);
    expect(pages.map((page) => page.cursor)).toEqual([999, 1999, 2499]);
    expect(result).toEqual({ read: 2_500, partitions: { total: 0, failed: [] } });
  });

  it('lets only the last of the open pages carry the cursor', async () => {
    const { environment, pages } = record();
    await runSyncScript(
      syncOf(
        { Issue, User },
        async (sync) => {
          await sync.save('User', [{ id: 'u', at: 1 }]);
          await sync.save('Issue', issues(2, 1_002));
        },
        { cursor: { field: 'at', order: 'ascending' } },
      ),
      environment,
    );
    expect(pages.map((page) => [page.model, page.cursor])).toEqual([
      ['User', undefined],
      ['Issue', 1_001],
    ]);
  });

  it.each(['unordered', 'descending'] as const)('commits the cursor with the last page only when %s', async (order) => {
    const { environment, pages } = record();
    const seen: unknown[] = [];
    await runSyncScript(
      syncOf(
        { Issue },
        async (sync) => {
          seen.push(sync.cursor);
          await sync.save('Issue', issues(0, 2_000).toReversed());
        },
        { cursor: { field: 'at', initial: 0, order } },
      ),
      environment,
    );
    expect(seen).toEqual([0]);
    // The last page is empty: both others were full before the run had ended.
    expect(pages.map((page) => [page.records.length, page.cursor])).toEqual([
      [1_000, undefined],
      [1_000, undefined],
      [0, 1_999],
    ]);
  });

  it('gives settings as their schema reads them, and refuses others', async () => {
    const definition = (seen: unknown[]) =>
      defineSync({
        models: { Issue },
        settings: z.object({ repos: z.array(z.string()).default(['main']) }),
        run(sync) {
          seen.push(sync.settings);
        },
      }) as unknown as SyncDefinition;
    const seen: unknown[] = [];
    await runSyncScript(definition(seen), record({ settings: {} }).environment);
    expect(seen).toEqual([{ repos: ['main'] }]);
    const refused = runSyncScript(definition(seen), record({ settings: { repos: 'main' } }).environment);
    await expect(refused).rejects.toMatchObject({
      code: 'settings_invalid',
      message: expect.stringContaining('repos'),
    });
  });

  it('ends at the abort even when the script ignores its signal', async () => {
    const controller = new AbortController();
    const { environment } = record({ signal: controller.signal });
    const run = runSyncScript(
      syncOf({ Issue }, () => {
        controller.abort(new TenonError('script_timed_out', 'Too late.'));
        return new Promise<void>(() => undefined);
      }),
      environment,
    );
    await expect(run).rejects.toMatchObject({ code: 'script_timed_out' });
  });

  it("reports what a script throws after the abort as the abort's reason", async () => {
    const controller = new AbortController();
    const { environment } = record({ signal: controller.signal });
    const run = runSyncScript(
      syncOf({ Issue }, () => {
        controller.abort(new TenonError('run_cancelled', 'Cancelled.'));
        throw new Error('socket hang up');
      }),
      environment,
    );
    await expect(run).rejects.toMatchObject({ code: 'run_cancelled' });
  });
});
