import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineSync, type SyncDefinition, type SyncOptions } from '../define/define-sync.ts';
import { canonicalJson } from './canonical-json.ts';
import { hashRecord } from './hash-record.ts';
import { runSyncScript } from './run-sync-script.ts';
import { createOfflineRun } from './testing/offline-run.ts';

const Issue = z.object({
  id: z.string(),
  title: z.string(),
  author: z.object({ name: z.string(), age: z.number().optional() }).optional(),
  labels: z.array(z.string()).optional(),
  due: z.date().optional(),
});
type Options = SyncOptions<{ Issue: typeof Issue }, undefined>;

function syncOf(run: Options['run'], more: Partial<Options> = {}): SyncDefinition {
  return defineSync({ models: { Issue }, run, ...more }) as unknown as SyncDefinition;
}

function stored(...records: Array<{ id: string } & Record<string, unknown>>) {
  return {
    stored: {
      Issue: records.map((record) => {
        const json = canonicalJson(record);
        return { id: record.id, json, hash: Buffer.from(hashRecord(json)).toString('hex') };
      }),
    },
  };
}

describe('update', () => {
  it('merges patches with what is stored, also with what was saved just before', async () => {
    const { environment, server } = createOfflineRun(
      {},
      stored({ id: '1', title: 'one', author: { name: 'a', age: 1 } }),
    );
    const missing: string[][] = [];
    const result = await runSyncScript(
      syncOf(async (sync) => {
        await sync.save('Issue', [{ id: '2', title: 'two', labels: ['x'] }]);
        missing.push(
          await sync.update('Issue', [
            { id: '1', author: { age: 2 } },
            { id: '2', labels: ['y'] },
            { id: '2', title: 'zwei' },
            { id: '9', title: 'nobody' },
          ]),
        );
      }),
      environment,
    );
    expect(missing).toEqual([['9']]);
    expect([...(server.records.get('Issue')?.values() ?? [])].map(({ json }) => JSON.parse(json) as unknown)).toEqual([
      { id: '1', title: 'one', author: { name: 'a', age: 2 } },
      { id: '2', title: 'zwei', labels: ['y'] },
    ]);
    expect(result.read).toBe(3);
  });

  it('reads, merges and sends again what another run changed in between, and counts it once', async () => {
    const { environment, server, pages } = createOfflineRun({}, stored({ id: '1', title: 'one' }));
    let interruptions = 0;
    const result = await runSyncScript(
      syncOf(async (sync) => {
        await sync.update('Issue', [{ id: '1', labels: ['mine'] }]);
      }),
      {
        ...environment,
        async commitPage(page) {
          if (interruptions < 2) {
            interruptions += 1;
            const json = canonicalJson({ id: '1', title: `theirs ${interruptions}` });
            const theirs = { id: '1', json, hash: hashRecord(json), observedMs: 0 };
            await server.commitPage({ ...page, records: [theirs] });
          }
          return environment.commitPage(page);
        },
      },
    );
    expect(pages).toHaveLength(3);
    expect(server.records.get('Issue')?.get('1')?.json).toBe('{"id":"1","labels":["mine"],"title":"theirs 2"}');
    expect(result.read).toBe(1);
  });

  it('moves the cursor only once what met another record is written', async () => {
    const Ticket = z.object({ id: z.string(), at: z.number(), mine: z.boolean().optional() });
    const json = canonicalJson({ id: '1', at: 1 });
    const hash = Buffer.from(hashRecord(json)).toString('hex');
    const { environment, server } = createOfflineRun({}, { stored: { Ticket: [{ id: '1', json, hash }] } });
    const seen: unknown[] = [];
    let isFirst = true;
    await runSyncScript(
      defineSync({
        models: { Ticket },
        cursor: { field: 'at', order: 'ascending' },
        run: async (sync) => {
          await sync.update('Ticket', [{ id: '1', at: 5, mine: true }]);
        },
      }) as unknown as SyncDefinition,
      {
        ...environment,
        async commitPage(page) {
          if (isFirst) {
            isFirst = false;
            const theirs = canonicalJson({ id: '1', at: 2 });
            const record = { id: '1', json: theirs, hash: hashRecord(theirs), observedMs: 0 };
            const { cursor: _cursor, ...rest } = page;
            await server.commitPage({ ...rest, records: [record] });
          }
          const committed = await environment.commitPage(page);
          seen.push([page.cursor, committed.conflicts.length]);
          return committed;
        },
      },
    );
    expect(seen[0]).toEqual([undefined, 1]);
    expect(server.states.get('')?.cursor).toBe(5);
  });

  it('gives up on a record that changes again and again', async () => {
    const { environment } = createOfflineRun({}, stored({ id: '1', title: 'one' }));
    const run = runSyncScript(
      syncOf(async (sync) => {
        await sync.update('Issue', [{ id: '1', title: 'mine' }]);
      }),
      { ...environment, commitPage: async ({ records }) => ({ conflicts: records.map(({ id }) => id) }) },
    );
    await expect(run).rejects.toMatchObject({ code: 'record_invalid', hint: expect.stringContaining('lock') });
  });

  it('puts a result that is not what the model says into quarantine', async () => {
    const { environment, server } = createOfflineRun({}, stored({ id: '1', title: 'one' }));
    await runSyncScript(
      syncOf(
        async (sync) => {
          await sync.update('Issue', [{ id: '1', title: 5 } as unknown as { id: string }]);
        },
        { quarantine: { share: 1 } },
      ),
      environment,
    );
    expect(server.quarantine).toMatchObject([{ recordId: '1', problems: [{ path: 'title' }] }]);
    expect(server.records.get('Issue')?.get('1')?.json).toContain('one');
  });

  it('takes stored times for the dates of the model', async () => {
    const { environment, server } = createOfflineRun(
      {},
      stored({ id: '1', title: 'one', due: '2026-01-01T00:00:00.000Z' }),
    );
    await runSyncScript(
      syncOf(async (sync) => {
        await sync.update('Issue', [{ id: '1', title: 'two' }]);
      }),
      environment,
    );
    expect(server.records.get('Issue')?.get('1')?.json).toBe(
      '{"due":"2026-01-01T00:00:00.000Z","id":"1","title":"two"}',
    );
  });
});

describe('read and list', () => {
  it('see what was saved before, as the model gives it', async () => {
    const { environment } = createOfflineRun({}, stored({ id: 'b', title: 'b', due: '2026-01-01T00:00:00.000Z' }));
    const seen: unknown[] = [];
    await runSyncScript(
      syncOf(
        async (sync) => {
          await sync.save('Issue', [{ id: 'a', title: 'a' }]);
          seen.push(await sync.read('Issue', ['x', 'b', 'a']));
          await sync.delete('Issue', ['a']);
          for await (const page of sync.list('Issue')) seen.push(page);
        },
        { deletes: 'feed' },
      ),
      environment,
    );
    const b = { id: 'b', title: 'b', due: new Date('2026-01-01T00:00:00.000Z') };
    expect(seen).toEqual([[undefined, b, { id: 'a', title: 'a' }], [b]]);
  });

  it('list more than one answer holds', async () => {
    const many = Array.from({ length: 2_500 }, (_, index) => ({ id: String(index), title: 't' }));
    const { environment } = createOfflineRun({}, stored(...many));
    const sizes: number[] = [];
    await runSyncScript(
      syncOf(async (sync) => {
        for await (const page of sync.list('Issue')) sizes.push(page.length);
      }),
      environment,
    );
    expect(sizes).toEqual([1_000, 1_000, 500]);
  });
});

describe('onWebhook', () => {
  const event = { headers: {}, body: { id: '1' }, receivedAt: '2026-01-01T00:00:00.000Z' };

  it('saves what the event says, as observed when it was received, and moves no cursor', async () => {
    const { environment, pages } = createOfflineRun({ mode: 'webhook', event, state: { cursor: 'a' } });
    const definition = syncOf(() => undefined, {
      cursor: { field: 'title', order: 'ascending' },
      async onWebhook(sync, { body }) {
        const { id } = body as { id: string };
        await sync.save('Issue', [{ id, title: 'pushed' }, { id: '2' } as unknown as { id: string; title: string }]);
      },
    });
    await runSyncScript(definition, environment);
    expect(pages).toHaveLength(1);
    expect(pages[0]).toMatchObject({
      records: [{ id: '1', observedMs: Date.parse(event.receivedAt) }],
      quarantined: [{}],
    });
    expect(pages[0]).not.toHaveProperty('cursor');
  });

  it.each([
    ['absence', 'done'],
    [{ flag: 'gone' }, 'done'],
    ['feed', 'done'],
    ['none', 'deletes_undeclared'],
  ] as const)('may delete with %j: %s', async (deletes, outcome) => {
    const { environment } = createOfflineRun({ mode: 'webhook', event });
    const definition = syncOf(() => undefined, { deletes, onWebhook: (sync) => sync.delete('Issue', ['1']) });
    const ended = await runSyncScript(definition, environment).then(
      () => 'done',
      (error: { code: string }) => error.code,
    );
    expect(ended).toBe(outcome);
  });

  it('that is not declared fails', async () => {
    const { environment } = createOfflineRun({ mode: 'webhook', event });
    await expect(
      runSyncScript(
        syncOf(() => undefined),
        environment,
      ),
    ).rejects.toMatchObject({ code: 'script_incompatible' });
  });
});

describe('a replay of the quarantine', () => {
  it('saves what is valid by now, settles it, and leaves the rest uncounted', async () => {
    const { environment, server } = createOfflineRun();
    const invalid = [{ id: 'a' }, { id: 'b', title: 5 }, { id: 'b', title: 'b' }] as unknown as Array<{
      id: string;
      title: string;
    }>;
    const strict = syncOf((sync) => sync.save('Issue', invalid.slice(0, 2)), { quarantine: { share: 1 } });
    const first = await runSyncScript(strict, environment);
    expect([first.read, server.quarantine.length]).toEqual([2, 2]);
    const Loose = Issue.extend({ title: z.string().default('untitled') });
    const fixed = defineSync({ models: { Issue: Loose }, run: () => undefined }) as unknown as SyncDefinition;
    const replay = createOfflineRun({ mode: 'replay', server });
    const result = await runSyncScript(fixed, replay.environment);
    expect(result.read).toBe(1);
    expect(replay.pages).toMatchObject([{ records: [{ id: 'a', observedMs: 1 }], settledQuarantine: [1] }]);
    expect(server.quarantine.map(({ recordId }) => recordId)).toEqual(['b']);
  });

  it('does not save an older state of a record whose newest is still invalid', async () => {
    const { environment, server } = createOfflineRun();
    const save = (record: unknown) =>
      runSyncScript(
        syncOf((sync) => sync.save('Issue', [record as { id: string; title: string }]), { quarantine: { share: 1 } }),
        environment,
      );
    await save({ id: 'a' });
    await save({ id: 'a', title: 5 });
    const Loose = Issue.extend({ title: z.string().default('untitled') });
    const fixed = defineSync({ models: { Issue: Loose }, run: () => undefined }) as unknown as SyncDefinition;
    const result = await runSyncScript(fixed, createOfflineRun({ mode: 'replay', server }).environment);
    expect([result.read, server.quarantine.length, server.records.get('Issue')?.size ?? 0]).toEqual([0, 2, 0]);
  });
});
