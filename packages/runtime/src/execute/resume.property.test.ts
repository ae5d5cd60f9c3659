import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineSync, type SyncDefinition, type SyncOptions } from '../define/define-sync.ts';
import { runSyncScript } from './run-sync-script.ts';
import { createOfflineRun } from './testing/offline-run.ts';

const Issue = z.object({ id: z.string(), at: z.number(), text: z.string().optional() });
type Options = SyncOptions<{ Issue: typeof Issue }, undefined>;
type Raw = z.infer<typeof Issue>;

function syncOf(run: Options['run'], more: Partial<Options> = {}): SyncDefinition {
  return defineSync({ models: { Issue }, run, ...more }) as unknown as SyncDefinition;
}

/** Texts so long that pages close early, so that there are many prefixes. */
const filler = 'x'.repeat(1_000_000);

const lists = fc.array(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 3 }), { minLength: 1, maxLength: 5 });

describe('a run that goes on from what an interrupted one committed', () => {
  const nested = syncOf(async (sync) => {
    for await (const projects of sync.paginate<{ path: string }>('/projects', { resume: true })) {
      for (const { path } of projects) {
        for await (const page of sync.paginate<Raw>(path, { resume: true })) await sync.save('Issue', page);
      }
    }
  });

  it('has in the end the records of a run that was never interrupted', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(lists, { minLength: 1, maxLength: 3 }), fc.nat(10), async (projects, killedAt) => {
        const answer = (path: string): unknown[][] =>
          path === '/projects'
            ? projects.map((_, index) => [{ path: `/issues/${index}` }])
            : (projects[Number(path.slice('/issues/'.length))] ?? []).map((page) =>
                page.map((at) => ({ id: `${path}/${at}`, at, text: filler })),
              );
        const whole = createOfflineRun({ pages: answer });
        await runSyncScript(nested, whole.environment);
        const first = createOfflineRun({ pages: answer });
        const { commitPage } = first.environment;
        const killed = runSyncScript(nested, {
          ...first.environment,
          commitPage: (page) => (page.sequence > killedAt ? Promise.reject(new Error('killed')) : commitPage(page)),
        });
        await killed.catch(() => undefined);
        const { server } = first;
        const second = createOfflineRun({ pages: answer, server, state: server.states.get('') ?? {} });
        await runSyncScript(nested, second.environment);
        expect(new Map(server.records.get('Issue'))).toEqual(new Map(whole.server.records.get('Issue')));
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it.each(['failed', 'was not read yet'] as const)(
    'reads a partition again that %s when it was interrupted',
    async (how) => {
      const answer = (path: string): unknown[][] =>
        path === '/repos' ? [[{ id: 'a' }], [{ id: 'b' }], [{ id: 'c' }]] : [];
      const syncWith = (isFirst: boolean) => {
        const read: string[] = [];
        const never = new Promise<void>(() => undefined);
        const definition = syncOf(async (sync) => {
          for await (const [repo] of sync.paginate<{ id: string }>('/repos', { resume: true })) {
            const { id = '' } = repo ?? {};
            if (isFirst && id === 'c') throw new Error('killed');
            const partition = sync.partition(id, async (part) => {
              if (isFirst && id === 'a') {
                if (how === 'failed') throw new Error('no access');
                await never;
              }
              read.push(id);
              await part.save('Issue', [{ id, at: 1 }]);
            });
            if (how === 'failed') await partition;
          }
        });
        return { definition, read };
      };
      const first = createOfflineRun({ pages: answer });
      await runSyncScript(syncWith(true).definition, first.environment).catch(() => undefined);
      const { server } = first;
      const second = syncWith(false);
      const again = createOfflineRun({ pages: answer, server, state: server.states.get('') ?? {} });
      await runSyncScript(second.definition, again.environment);
      expect(second.read).toContain('a');
    },
  );

  it('does not read again what was committed', async () => {
    const answer = () =>
      [0, 1, 2, 3].map((at) => [
        { id: String(at), at, text: filler },
        { id: `${at}b`, at, text: filler },
      ]);
    const definition = syncOf(async (sync) => {
      for await (const page of sync.paginate<Raw>('/issues', { resume: true })) await sync.save('Issue', page);
    });
    const first = createOfflineRun({ pages: answer });
    await runSyncScript(definition, first.environment);
    const marks = first.pages.map(({ progress }) => JSON.stringify(progress));
    expect(marks.at(-1)).toContain('"done"');
    for (const [index, { progress }] of first.pages.entries()) {
      const again = createOfflineRun({ pages: answer, state: { progress: progress ?? {} } });
      await runSyncScript(definition, again.environment);
      const read = new Set(again.pages.flatMap(({ records }) => records.map(({ id }) => id)));
      const before = new Set(first.pages.slice(0, index + 1).flatMap(({ records }) => records.map(({ id }) => id)));
      expect(new Set([...read, ...before]).size).toBe(8);
      if (index === first.pages.length - 1) expect(read.size).toBe(0);
    }
  });

  it('keeps no position that has a secret in it', async () => {
    const answer = () => [[{ id: '1', at: 1 }], [{ id: '2', at: 2 }]];
    const definition = syncOf(async (sync) => {
      for await (const page of sync.paginate<Raw>('/issues?key=s3cret', { resume: true }))
        await sync.save('Issue', page);
    });
    const { environment, pages } = createOfflineRun({ pages: answer, holdsSecret: (text) => text.includes('s3cret') });
    await runSyncScript(definition, environment);
    expect(JSON.stringify(pages.map(({ progress }) => progress ?? null))).not.toContain('s3cret');
  });
});

describe('the cursor', () => {
  const save = (order: NonNullable<Options['cursor']>['order'] & string, pages: readonly Raw[][]) =>
    syncOf(
      async (sync) => {
        for (const page of pages) await sync.save('Issue', page);
      },
      { cursor: { field: 'at', order, initial: -1 } },
    );
  const toPages = (values: readonly number[][]): Raw[][] =>
    values.map((page, number) => page.map((at, index) => ({ id: `${number}/${index}`, at, text: filler })));

  it('is never past a record that is not committed, in whatever order pages come', async () => {
    const orders = fc.constantFrom('ascending', 'descending', 'unordered');
    await fc.assert(
      fc.asyncProperty(orders, lists, async (order, given) => {
        const isSorted = order === 'ascending';
        const flat = given.flat().sort((left, right) => left - right);
        let taken = 0;
        const values = isSorted ? given.map((page) => flat.slice(taken, (taken += page.length))) : given;
        const all = toPages(values);
        const { environment, pages } = createOfflineRun();
        await runSyncScript(save(order, all), environment);
        const committed = new Set<string>();
        for (const page of pages) {
          for (const { id } of page.records) committed.add(id);
          if (typeof page.cursor !== 'number') continue;
          const cursor = page.cursor;
          expect(all.flat().filter(({ id, at }) => at < cursor && !committed.has(id))).toEqual([]);
        }
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('is where the run began, from the page on that shows that ascending was wrong, until the end', async () => {
    await fc.assert(
      fc.asyncProperty(lists, async (given) => {
        const all = toPages(given);
        const values = given.flat();
        const { environment, pages } = createOfflineRun();
        await runSyncScript(save('ascending', all), environment);
        const firstWrong = values.findIndex((value, index) => index > 0 && value < Math.max(...values.slice(0, index)));
        if (firstWrong === -1) return;
        let cursor = -1;
        let sent = 0;
        for (const page of pages.slice(0, -1)) {
          sent += page.records.length;
          cursor = typeof page.cursor === 'number' ? page.cursor : cursor;
          if (sent > firstWrong) expect(cursor).toBe(-1);
        }
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});
