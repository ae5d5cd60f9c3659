import { defineSync, type WebhookEvent } from '@tenon/runtime';
import { afterEach, expect, test } from 'vitest';
import type { SyncManifest } from '@tenon/runtime/contract';
import { createGate } from '../../../packages/server/src/engine/testing/engine-room.ts';
import type { Item, Mutation } from '../history/truth.ts';
import { plain, rowSchema, stormSyncs, toRow } from '../history/storm-syncs.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());

const pagination = { style: 'cursor', items: 'items', param: 'after', path: 'next' } as const;

/** Told of deletions by id; a poll reads everything. */
const byId = (version: boolean) =>
  plain(
    defineSync({
      models: { Row: rowSchema },
      deletes: 'feed',
      airbag: false,
      ...(version && { modelOptions: { Row: { version: 'updatedAt' } } }),
      async run(sync) {
        for await (const items of sync.paginate<Item>('/items', { params: { deleted: 'with' }, pagination })) {
          for (const item of items) await store(sync, item);
        }
      },
      onWebhook: (sync, { body }: WebhookEvent) => store(sync, body as Item),
    }),
  );

async function store(
  sync: {
    save(model: 'Row', rows: Array<ReturnType<typeof toRow>>): Promise<void>;
    delete(model: 'Row', ids: string[]): Promise<void>;
  },
  item: Item,
): Promise<void> {
  if (item.deleted) await sync.delete('Row', [item.id]);
  else await sync.save('Row', [toRow(item)]);
}

const update: Mutation = { add: 0, update: [0], remove: [], sameInstant: false };
const remove: Mutation = { add: 0, update: [], remove: [0], sameInstant: false };

/** All orders in which two sequences can be mixed. */
function interleave(one: readonly string[], other: readonly string[]): string[][] {
  const [first, ...rest] = one;
  const [second, ...others] = other;
  if (first === undefined || second === undefined) return [[...one, ...other]];
  return [
    ...interleave(rest, other).map((order) => [first, ...order]),
    ...interleave(one, others).map((order) => [second, ...order]),
  ];
}

const poll = ['poll asks', 'poll commits'];
const inOrder = ['change 0', 'event 0 begins', 'event 0 commits', 'change 1', 'event 1 begins', 'event 1 commits'];
const swapped = ['change 0', 'change 1', 'event 1 begins', 'event 1 commits', 'event 0 begins', 'event 0 commits'];

const hooked = stormSyncs.hooked;
const fed: SyncManifest = { ...hooked.manifest, deletes: 'feed', cursor: null };
const { deletedFlag: _flag, ...byIdManifest } = fed;
const cases = [
  { name: 'without a version, events in order', definition: byId(false), manifest: byIdManifest, events: inOrder },
  { name: 'with a version, events in order', definition: byId(true), manifest: byIdManifest, events: inOrder },
  { name: 'with a version, flags', definition: hooked.definition, manifest: hooked.manifest, events: inOrder },
  {
    name: 'with a version, flags, events in the wrong order',
    definition: hooked.definition,
    manifest: hooked.manifest,
    events: swapped,
  },
];

test.each(cases)(
  'row 9: in every order of the steps of a poll and of two events the newest version wins: $name',
  { timeout: 60_000 },
  async ({ definition, manifest, events }) => {
    const orders = interleave(poll, events);
    const stories = [
      [update, update],
      [update, remove],
    ].flatMap((changes) => orders.map((order) => ({ changes, order })));
    expect(orders).toHaveLength(28);
    stage = await openStage(manifest, { definition, items: 0, pageSize: 10, connections: stories.length });
    for (const [place, { changes, order }] of stories.entries()) {
      await play(place, { changes, order });
    }
  },
);

async function play(
  place: number,
  { changes, order }: { changes: readonly Mutation[]; order: readonly string[] },
): Promise<void> {
  const connection = `c${place + 1}`;
  const { truth, time, server } = stage;
  if (truth.live().length > 0) truth.mutate(remove);
  truth.mutate({ ...update, update: [], add: 1 });
  const [id = ''] = truth.live().map((item) => item.id);
  await stage.finish(await stage.trigger(connection));
  const told: Item[] = [];
  const ends = new Map<string, Promise<unknown>>();
  const gates = new Map<string, { open(): void }>();

  async function begin(name: string, runId: string): Promise<void> {
    const arrived = createGate();
    const gate = createGate();
    gates.set(name, { open: () => gate.open() });
    stage.beforeCommit = async ({ number }) => {
      if (number > 0) return;
      arrived.open();
      await gate.opened;
    };
    const ended = server.execute(runId);
    ends.set(name, ended);
    await Promise.race([arrived.opened, ended]);
  }

  const commit = async (name: string) => {
    gates.get(name)?.open();
    await ends.get(name);
  };
  const steps: Record<string, () => Promise<void> | void> = {
    'poll asks': async () => begin('poll', await stage.trigger(connection)),
    'poll commits': () => commit('poll'),
  };
  for (const [number, change] of changes.entries()) {
    steps[`change ${number}`] = () => {
      truth.mutate(change);
      const item = truth.get(id);
      if (item) told[number] = item;
    };
    steps[`event ${number} begins`] = async () => {
      const event = { ...stage.place(connection), headers: {}, body: told[number] };
      const { run } = await server.service.forwardEvent(event);
      await begin(`event ${number}`, run.id);
    };
    steps[`event ${number} commits`] = () => commit(`event ${number}`);
  }
  for (const step of order) {
    time.pass(10);
    await steps[step]?.();
  }
  stage.beforeCommit = () => Promise.resolve();
  const stored = (await stage.read(place)).live.get(id);
  const item = truth.get(id);
  const newest = item && !item.deleted ? toRow(item) : undefined;
  expect(stored, order.join(', ')).toEqual(newest);
}
