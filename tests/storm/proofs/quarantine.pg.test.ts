import { defineSync, z } from '@tenon/runtime';
import { afterEach, expect, test } from 'vitest';
import type { Item } from '../history/truth.ts';
import { plain, rowSchema, stormSyncs, toRow } from '../history/storm-syncs.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());

const pagination = { style: 'cursor', items: 'items', param: 'after', path: 'next' } as const;

/** Allows a tenth of what it reads to be invalid. */
const readWith = (model: typeof rowSchema) =>
  plain(
    defineSync({
      models: { Row: model },
      deletes: 'absence',
      airbag: false,
      async run(sync) {
        for await (const items of sync.paginate<Item>('/items', { pagination })) {
          await sync.save('Row', items.map(toRow));
        }
      },
    }),
  );
// What it takes is another type; what it stores is the same.
const mended = rowSchema.extend({ value: z.coerce.number() }) as unknown as typeof rowSchema;

const driftOf = (every: number) => (item: Item) =>
  item.value % every === 0 ? { ...item, value: `${item.value}` } : item;

const ids = (rows: ReadonlyArray<{ id: string }>) => rows.map(({ id }) => id).sort();

test('row 10: a provider that drifted loses nothing: what it says is stored or in quarantine, the counts add up, and a replay after a fix stores the rest', async () => {
  stage = await openStage(stormSyncs.absence.manifest, { definition: readWith(rowSchema), items: 60, pageSize: 20 });
  await stage.finish(await stage.trigger());
  stage.truth.mutate({
    add: 10,
    update: Array.from({ length: 60 }, (_, place) => place),
    remove: [],
    sameInstant: false,
  });
  stage.serve = driftOf(14);
  const drifted = stage.truth.live().filter(({ value }) => value % 14 === 0);
  const run = await stage.finish(await stage.trigger());
  expect(run).toMatchObject({ status: 'succeeded', counts: { read: 70, quarantined: 5, deleted: 0 } });
  expect(run.counts.added + run.counts.updated + run.counts.unchanged).toBe(65);
  expect(drifted).toHaveLength(5);
  const state = await stage.read();
  expect([...state.quarantined.keys()].sort()).toEqual(ids(drifted));
  for (const item of stage.truth.live()) {
    if (!drifted.includes(item)) expect(state.live.get(item.id)).toEqual(toRow(item));
    // What is in quarantine stays as it was stored before.
    else expect(state.live.get(item.id)?.value).not.toBe(item.value);
  }
  const { problems } = await stage.room.database.selectFrom('quarantine').select('problems').executeTakeFirstOrThrow();
  expect(problems).toMatchObject([{ path: 'value' }]);

  stage.definition = readWith(mended);
  const { id } = await stage.server.service.replayQuarantine(stage.place());
  expect(await stage.finish(id)).toMatchObject({ status: 'succeeded', counts: { read: 5, quarantined: 0 } });
  expect((await stage.read()).quarantined.size).toBe(0);
  expect(new Set(await stage.rows())).toEqual(new Set(stage.truth.live().map(toRow)));
});

test('row 10: a run with more invalid records than its share fails before the page that exceeds it is committed', async () => {
  stage = await openStage(stormSyncs.absence.manifest, { definition: readWith(rowSchema), items: 60, pageSize: 20 });
  await stage.finish(await stage.trigger());
  const before = await stage.rows();
  stage.truth.mutate({
    add: 0,
    update: Array.from({ length: 60 }, (_, place) => place),
    remove: [],
    sameInstant: false,
  });
  stage.serve = driftOf(1);
  const run = await stage.finish(await stage.trigger());
  expect(run).toMatchObject({ status: 'failed', error: { code: 'quarantine_exceeded' }, counts: { read: 0 } });
  const after = await stage.read();
  expect([...after.live.values()]).toEqual(before);
  expect(after.quarantined.size).toBe(0);
});
