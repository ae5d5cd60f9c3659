import { defineSync } from '@tenon/runtime';
import { afterEach, expect, test } from 'vitest';
import type { Item } from '../history/truth.ts';
import { plain, rowSchema, stormSyncs, toRow } from '../history/storm-syncs.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());

const change = { add: 3, update: [0, 1, 2], remove: [], sameInstant: false };

async function cursors(): Promise<Record<string, unknown>> {
  const rows = await stage.room.database.selectFrom('sync_states').select(['partition', 'cursor']).execute();
  return Object.fromEntries(rows.filter(({ partition }) => partition !== '').map((row) => [row.partition, row.cursor]));
}

test('row 7: a partition that fails every time costs the others nothing, and goes on where it was when it is mended', async () => {
  const { definition, manifest } = stormSyncs.partitioned;
  stage = await openStage(manifest, { definition, items: 9, pageSize: 2 });
  expect(await stage.finish(await stage.trigger())).toMatchObject({ status: 'succeeded', counts: { added: 9 } });
  const first = await cursors();
  expect(Object.keys(first).sort()).toEqual(['p0', 'p1', 'p2']);

  stage.fault = { kind: 'partition is down', part: 'p1' };
  for (let round = 0; round < 3; round += 1) {
    stage.truth.mutate(change);
    const before = await cursors();
    const run = await stage.finish(await stage.trigger());
    expect(run).toMatchObject({ status: 'partial', error: { code: 'partitions_failed' }, counts: { deleted: 0 } });
    const after = await cursors();
    expect(after['p1']).toEqual(first['p1']);
    expect(after['p0']).not.toEqual(before['p0']);
    expect(after['p2']).not.toEqual(before['p2']);
    const expected = stage.truth.live().filter(({ part }) => part !== 'p1');
    const stored = (await stage.rows()).filter(({ part }) => part !== 'p1');
    expect(new Set(stored)).toEqual(new Set(expected.map(toRow)));
  }

  stage.fault = undefined;
  expect(await stage.finish(await stage.trigger())).toMatchObject({ status: 'succeeded' });
  expect(new Set(await stage.rows())).toEqual(new Set(stage.truth.live().map(toRow)));
});

test('row 7: absence deletes nothing while a partition fails, and everything that is gone when none does', async () => {
  const pagination = { style: 'cursor', items: 'items', param: 'after', path: 'next' } as const;
  const definition = defineSync({
    models: { Row: rowSchema },
    deletes: 'absence',
    airbag: false,
    async run(sync) {
      for (const part of ['p0', 'p1', 'p2']) {
        await sync.partition(part, async (own) => {
          for await (const items of own.paginate<Item>('/items', { params: { part }, pagination })) {
            await own.save('Row', items.map(toRow));
          }
        });
      }
    },
  });
  stage = await openStage(stormSyncs.absence.manifest, { definition: plain(definition), items: 9, pageSize: 2 });
  await stage.finish(await stage.trigger());
  stage.truth.mutate({ add: 0, update: [], remove: [0, 1, 2, 3], sameInstant: false });
  stage.fault = { kind: 'partition is down', part: 'p2' };
  expect(await stage.finish(await stage.trigger())).toMatchObject({ status: 'partial', counts: { deleted: 0 } });
  expect(await stage.rows()).toHaveLength(9);
  stage.fault = undefined;
  expect(await stage.finish(await stage.trigger())).toMatchObject({ status: 'succeeded', counts: { deleted: 4 } });
  expect(new Set(await stage.rows())).toEqual(new Set(stage.truth.live().map(toRow)));
});
