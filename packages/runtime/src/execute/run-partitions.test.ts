import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineSync, type SyncDefinition, type SyncOptions } from '../define/define-sync.ts';
import { TenonError } from '../errors/tenon-error.ts';
import { runSyncScript } from './run-sync-script.ts';
import { createOfflineRun } from './testing/offline-run.ts';

const Issue = z.object({ id: z.string(), at: z.number() });
type Options = Partial<SyncOptions<{ Issue: typeof Issue }, undefined, typeof checkpoint>>;
const checkpoint = z.object({ token: z.string() });

function syncOf(run: SyncOptions<{ Issue: typeof Issue }, undefined, typeof checkpoint>['run'], more: Options = {}) {
  return defineSync({ models: { Issue }, checkpoint, run, ...more }) as unknown as SyncDefinition;
}

const issues = (prefix: string, from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => ({ id: `${prefix}${from + index}`, at: from + index }));

describe('partitions', () => {
  it.each(['one after the other', 'at once'])('have their own cursors and checkpoints, read %s', async (how) => {
    const { environment, server } = createOfflineRun(
      { state: { cursor: 99 } },
      { partitions: { b: { cursor: 50, checkpoint: { token: 'old' } } } },
    );
    const seen: Record<string, unknown> = {};
    const result = await runSyncScript(
      syncOf(
        async (sync) => {
          const read = (key: string) =>
            sync.partition(key, async (part) => {
              seen[key] = [part.cursor, part.checkpoint];
              await part.save('Issue', issues(key, 0, key === 'a' ? 10 : 60));
              await part.setCheckpoint({ token: key });
            });
          if (how === 'at once') await Promise.all(['a', 'b'].map(read));
          else for (const key of ['a', 'b']) await read(key);
        },
        { cursor: { field: 'at', initial: 0 } },
      ),
      environment,
    );
    expect(seen).toEqual({ a: [0, undefined], b: [50, { token: 'old' }] });
    expect(Object.fromEntries(server.states)).toEqual({
      a: { cursor: 9, checkpoint: { token: 'a' } },
      b: { cursor: 59, checkpoint: { token: 'b' } },
    });
    expect(result).toEqual({ read: 70, partitions: { total: 2, failed: [] } });
    expect(server.records.get('Issue')?.size).toBe(70);
  });

  it.each([
    ['ascending', 4],
    ['unordered', undefined],
  ] as const)(
    'that fail keep what they saved, and their %s cursor proves no more; the others go on',
    async (order, cursor) => {
      const { environment, server, logs } = createOfflineRun();
      const result = await runSyncScript(
        syncOf(
          async (sync) => {
            await sync.partition('bad', async (part) => {
              await part.save('Issue', issues('bad', 0, 5));
              throw new Error('no such repository');
            });
            await sync.partition('good', (part) => part.save('Issue', issues('good', 0, 3)));
          },
          { cursor: { field: 'at', order } },
        ),
        environment,
      );
      expect(result).toMatchObject({
        read: 8,
        partitions: {
          total: 2,
          failed: [{ key: 'bad', error: { code: 'script_failed', message: 'no such repository' } }],
        },
      });
      expect(server.records.get('Issue')?.size).toBe(8);
      expect(server.states.get('bad')?.cursor).toBe(cursor);
      expect(server.states.get('good')?.cursor).toBe(2);
      expect(logs).toEqual(['error: The partition bad failed: no such repository']);
    },
  );

  it('fail the run with the first error when all fail', async () => {
    const { environment } = createOfflineRun();
    const run = runSyncScript(
      syncOf(async (sync) => {
        for (const key of ['a', 'b']) {
          await sync.partition(key, () => {
            throw new Error(`${key} is gone`);
          });
        }
      }),
      environment,
    );
    await expect(run).rejects.toThrow('a is gone');
  });

  it.each(['provider_unauthorized', 'provider_rate_limited'] as const)(
    'end the run with %s, even when the script swallows it',
    async (code) => {
      const { environment, server } = createOfflineRun();
      const run = runSyncScript(
        syncOf(async (sync) => {
          await sync.partition('good', (part) => part.save('Issue', issues('good', 0, 3)));
          await sync
            .partition('bad', async (part) => {
              await part.save('Issue', issues('bad', 0, 2));
              throw new TenonError(code, 'No.');
            })
            .catch(() => undefined);
        }),
        environment,
      );
      await expect(run).rejects.toMatchObject({ code });
      // What was saved before is committed: the run goes on behind it.
      expect(server.records.get('Issue')?.size).toBe(5);
    },
  );

  it('end the run when a page cannot be committed', async () => {
    const { environment } = createOfflineRun({
      commitPage: () => Promise.reject(new TenonError('unavailable', 'The database is away.')),
    });
    const run = runSyncScript(
      syncOf(async (sync) => {
        await sync.partition('a', (part) => part.save('Issue', issues('a', 0, 3))).catch(() => undefined);
        await sync.partition('b', () => undefined).catch(() => undefined);
      }),
      environment,
    );
    await expect(run).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('are waited for when the script does not', async () => {
    const { environment, server } = createOfflineRun();
    const result = await runSyncScript(
      syncOf((sync) => {
        for (const key of ['a', 'b', 'a']) void sync.partition(key, (part) => part.save('Issue', issues(key, 0, 2)));
      }),
      environment,
    );
    expect(result.partitions.total).toBe(2);
    expect(server.records.get('Issue')?.size).toBe(4);
  });

  it('within a partition have keys of their own', async () => {
    const { environment, pages } = createOfflineRun();
    await runSyncScript(
      syncOf((sync) =>
        sync.partition('org', (org) => org.partition('repo', (repo) => repo.save('Issue', issues('x', 0, 1)))),
      ),
      environment,
    );
    expect(pages.map(({ partition }) => partition)).toEqual(['org/repo']);
  });

  it.each(['', 'x'.repeat(501)])('need a key: %s', async (key) => {
    const { environment } = createOfflineRun();
    const run = runSyncScript(
      syncOf((sync) => sync.partition(key, () => undefined)),
      environment,
    );
    await expect(run).rejects.toThrow('needs a key');
  });
});

describe('checkpoints', () => {
  it('go with the records that were saved before, and are there in the next run', async () => {
    const { environment, pages, server } = createOfflineRun();
    const seen: unknown[] = [];
    const definition = syncOf(async (sync) => {
      seen.push(sync.checkpoint);
      await sync.save('Issue', issues('a', 0, 1_000));
      await sync.setCheckpoint({ token: 'one' });
      await sync.save('Issue', issues('b', 0, 1_000));
      await sync.setCheckpoint({ token: 'two' });
      seen.push(sync.checkpoint);
    });
    await runSyncScript(definition, environment);
    expect(pages.map((page) => page.checkpoint)).toEqual([undefined, { token: 'one' }, { token: 'two' }]);
    await runSyncScript(definition, createOfflineRun({ state: server.states.get('') ?? {} }).environment);
    expect(seen).toEqual([undefined, { token: 'two' }, { token: 'two' }, { token: 'two' }]);
  });

  it('that are not what the sync declares fail the run', async () => {
    const run = runSyncScript(
      syncOf(async (sync) => {
        await sync.setCheckpoint({ token: 5 } as unknown as { token: string }).catch(() => undefined);
      }),
      createOfflineRun().environment,
    );
    await expect(run).rejects.toMatchObject({ code: 'checkpoint_invalid', message: expect.stringContaining('token') });
  });

  it('that a changed schema cannot read are left out, with a warning', async () => {
    const seen: unknown[] = [];
    const { environment, logs } = createOfflineRun({ state: { checkpoint: { page: 3 } } });
    await runSyncScript(
      syncOf((sync) => {
        seen.push(sync.checkpoint);
      }),
      environment,
    );
    expect(seen).toEqual([undefined]);
    expect(logs).toEqual([expect.stringContaining('begins without one')]);
  });
});
