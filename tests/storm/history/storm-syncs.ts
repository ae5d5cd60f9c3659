import { testSync } from '../../../packages/server/src/engine/testing/test-manifest.ts';
import type { SyncManifest } from '@tenon/runtime/contract';
import { defineSync, z, type SyncDefinition } from '@tenon/runtime';
import type { Deletion, Item } from './truth.ts';

export const rowSchema = z.object({ id: z.string(), part: z.string(), value: z.number(), updatedAt: z.string() });
export type Row = z.infer<typeof rowSchema>;
const Row = rowSchema;

/** What a sync stores of an item. */
export function toRow({ id, part, value, updatedAt }: Item): Row {
  return { id, part, value, updatedAt };
}

const pagination = { style: 'cursor', items: 'items', param: 'after', path: 'next' } as const;

function pages(paging: string, order: string, more: Record<string, string | undefined> = {}) {
  return { params: { paging, order, ...more }, pagination };
}

/** Reads everything, from a list whose pages shift when something is added or removed. */
const absence = defineSync({
  models: { Row },
  deletes: 'absence',
  airbag: false,
  async run(sync) {
    for await (const items of sync.paginate<Item>('/items', pages('offset', 'shuffled'))) {
      await sync.save('Row', items.map(toRow));
    }
  },
});

/** Reads what changed, oldest first; the list tells of deletions too. */
const ascending = defineSync({
  models: { Row },
  deletes: 'feed',
  airbag: false,
  cursor: { field: 'updatedAt', order: 'ascending' },
  async run(sync) {
    const since = typeof sync.cursor === 'string' ? sync.cursor : undefined;
    for await (const items of sync.paginate<Item>('/items', pages('keyset', 'ascending', { since, deleted: 'with' }))) {
      // First: a page of the store may end between the two, and its cursor covers what was saved.
      await sync.delete(
        'Row',
        items.filter(({ deleted }) => deleted).map(({ id }) => id),
      );
      await sync.save('Row', items.filter(({ deleted }) => !deleted).map(toRow));
    }
  },
});

const FlaggedRow = Row.extend({ deleted: z.boolean().optional() });

/** Reads what changed, oldest first, from an API that says in the record that it is deleted. */
const flagged = defineSync({
  models: { Row: FlaggedRow },
  deletes: { flag: 'deleted' },
  airbag: false,
  cursor: { field: 'updatedAt', order: 'ascending' },
  async run(sync) {
    const since = typeof sync.cursor === 'string' ? sync.cursor : undefined;
    for await (const items of sync.paginate<Item>('/items', pages('keyset', 'ascending', { since, deleted: 'with' }))) {
      await sync.save(
        'Row',
        items.map((item) => ({ ...toRow(item), ...(item.deleted && { deleted: true }) })),
      );
    }
  },
});

/** Reads what changed, newest first. */
const descending = defineSync({
  models: { Row },
  cursor: { field: 'updatedAt', order: 'descending' },
  async run(sync) {
    const since = typeof sync.cursor === 'string' ? sync.cursor : undefined;
    for await (const items of sync.paginate<Item>('/items', pages('keyset', 'descending', { since }))) {
      await sync.save('Row', items.map(toRow));
    }
  },
});

/** Reads what changed, in no order; changes of the read itself are met again thanks to the lag. */
const unordered = defineSync({
  models: { Row },
  cursor: { field: 'updatedAt', order: 'unordered', lag: '1h' },
  async run(sync) {
    const since = typeof sync.cursor === 'string' ? sync.cursor : undefined;
    for await (const items of sync.paginate<Item>('/items', pages('snapshot', 'shuffled', { since }))) {
      await sync.save('Row', items.map(toRow));
    }
  },
});

/** Reads everything, and goes on where an attempt before it was interrupted. */
const resumable = defineSync({
  models: { Row },
  deletes: 'absence',
  airbag: false,
  async run(sync) {
    for await (const items of sync.paginate<Item>('/items', { ...pages('keyset', 'ascending'), resume: true })) {
      await sync.save('Row', items.map(toRow));
    }
  },
});

/** Reads each part with a cursor of its own. */
const partitioned = defineSync({
  models: { Row },
  deletes: 'feed',
  airbag: false,
  cursor: { field: 'updatedAt', order: 'ascending' },
  async run(sync) {
    for (const part of ['p0', 'p1', 'p2']) {
      await sync.partition(part, async (own) => {
        const since = typeof own.cursor === 'string' ? own.cursor : undefined;
        const query = pages('keyset', 'ascending', { since, part, deleted: 'with' });
        for await (const items of own.paginate<Item>('/items', query)) {
          await own.delete(
            'Row',
            items.filter(({ deleted }) => deleted).map(({ id }) => id),
          );
          await own.save('Row', items.filter(({ deleted }) => !deleted).map(toRow));
        }
      });
    }
  },
});

const toFlagged = (item: Item) => ({ ...toRow(item), ...(item.deleted && { deleted: true }) });

/** As `flagged`; events tell of each change too, in any order. */
const hooked = defineSync({
  models: { Row: FlaggedRow },
  deletes: { flag: 'deleted' },
  airbag: false,
  cursor: { field: 'updatedAt', order: 'ascending' },
  async run(sync) {
    const since = typeof sync.cursor === 'string' ? sync.cursor : undefined;
    for await (const items of sync.paginate<Item>('/items', pages('keyset', 'ascending', { since, deleted: 'with' }))) {
      await sync.save('Row', items.map(toFlagged));
    }
  },
  async onWebhook(sync, { body }) {
    await sync.save('Row', [toFlagged(body as Item)]);
  },
});

/** As `hooked`; what is stored is changed in part, by polls and events alike. */
const patched = defineSync({
  models: { Row: FlaggedRow },
  deletes: { flag: 'deleted' },
  airbag: false,
  cursor: { field: 'updatedAt', order: 'ascending' },
  async run(sync) {
    const since = typeof sync.cursor === 'string' ? sync.cursor : undefined;
    for await (const items of sync.paginate<Item>('/items', pages('keyset', 'ascending', { since, deleted: 'with' }))) {
      const missing = new Set(await sync.update('Row', items.map(toPatch)));
      await sync.save('Row', items.filter(({ id }) => missing.has(id)).map(toFlagged));
    }
  },
  async onWebhook(sync, { body }) {
    const missing = await sync.update('Row', [toPatch(body as Item)]);
    if (missing.length > 0) await sync.save('Row', [toFlagged(body as Item)]);
  },
});

function toPatch({ id, value, updatedAt, deleted }: Item) {
  return { id, value, updatedAt, ...(deleted && { deleted: true }) };
}

/** A third of the values are texts, which its model does not allow. */
function drift(item: Item): unknown {
  return item.value % 3 === 0 ? { ...item, value: String(item.value) } : item;
}

function drifting<Model extends typeof Row | typeof MendedRow>(model: Model) {
  return defineSync({
    models: { Row: model as typeof Row },
    deletes: 'feed',
    airbag: false,
    quarantine: { share: 1 },
    cursor: { field: 'updatedAt', order: 'ascending' },
    async run(sync) {
      const since = typeof sync.cursor === 'string' ? sync.cursor : undefined;
      const query = pages('keyset', 'ascending', { since, deleted: 'with' });
      for await (const items of sync.paginate<Item>('/items', query)) {
        await sync.delete(
          'Row',
          items.filter(({ deleted }) => deleted).map(({ id }) => id),
        );
        await sync.save('Row', items.filter(({ deleted }) => !deleted).map(toRow));
      }
    },
  });
}

const MendedRow = Row.extend({ value: z.coerce.number() });

export interface StormSync {
  readonly definition: SyncDefinition;
  readonly manifest: SyncManifest;
  /** Whether the store learns of deletions. */
  readonly knowsDeletions: boolean;
  /** Whether two changes may bear one time while the sync reads: without a lag, no cursor tells them apart. */
  readonly meetsEqualTimes: boolean;
  /** Whether the provider tells of changes by webhook. */
  readonly takesEvents?: boolean;
  /** Whether an attempt goes on where the one before was interrupted. */
  readonly resumes?: boolean;
  /** How the provider answers that does not keep to the model. */
  readonly drift?: (item: Item) => unknown;
  /** What a replay of the quarantine runs: the definition after a fix. */
  readonly mended?: SyncDefinition;
}

function describe(name: string, changes: Partial<SyncManifest>): SyncManifest {
  return testSync({ name, models: [{ name: 'Row', schema: {} }], ...changes });
}

const cursor = (order: 'ascending' | 'descending' | 'unordered', lagMs = 0): SyncManifest['cursor'] => ({
  field: 'updatedAt',
  initial: null,
  order,
  lagMs,
});

const flags: Partial<SyncManifest> = {
  deletes: 'flag',
  deletedFlag: 'deleted',
  airbag: null,
  cursor: cursor('ascending'),
};

// A definition is invariant in its models; nothing here depends on which they are.
export const plain = (definition: unknown): SyncDefinition => definition as SyncDefinition;

/** The syncs that storms pass over: one for each way to read a provider. */
export const stormSyncs = {
  absence: {
    definition: plain(absence),
    manifest: describe('absence', { deletes: 'absence', airbag: null }),
    knowsDeletions: true,
    meetsEqualTimes: true,
  },
  /** As `absence`, with deletions held that are many. */
  guarded: {
    definition: plain(absence),
    manifest: describe('guarded', { deletes: 'absence', airbag: { share: 0.2, atLeast: 10 } }),
    knowsDeletions: true,
    meetsEqualTimes: true,
  },
  ascending: {
    definition: plain(ascending),
    manifest: describe('ascending', { deletes: 'feed', airbag: null, cursor: cursor('ascending') }),
    knowsDeletions: true,
    meetsEqualTimes: false,
  },
  flagged: {
    definition: plain(flagged),
    manifest: describe('flagged', flags),
    knowsDeletions: true,
    meetsEqualTimes: false,
  },
  descending: {
    definition: plain(descending),
    manifest: describe('descending', { cursor: cursor('descending') }),
    knowsDeletions: false,
    meetsEqualTimes: false,
  },
  unordered: {
    definition: plain(unordered),
    manifest: describe('unordered', { cursor: cursor('unordered', 3_600_000) }),
    knowsDeletions: false,
    meetsEqualTimes: true,
  },
  resumable: {
    definition: plain(resumable),
    manifest: describe('resumable', {
      deletes: 'absence',
      airbag: null,
      retry: { attempts: 3, backoffMs: 1_000, maxBackoffMs: 1_000 },
    }),
    knowsDeletions: true,
    meetsEqualTimes: false,
    resumes: true,
  },
  partitioned: {
    definition: plain(partitioned),
    manifest: describe('partitioned', { deletes: 'feed', airbag: null, cursor: cursor('ascending') }),
    knowsDeletions: true,
    meetsEqualTimes: false,
  },
  hooked: {
    definition: plain(hooked),
    manifest: describe('hooked', { ...flags, hasWebhook: true }),
    knowsDeletions: true,
    meetsEqualTimes: false,
    takesEvents: true,
  },
  patched: {
    definition: plain(patched),
    manifest: describe('patched', { ...flags, hasWebhook: true }),
    knowsDeletions: true,
    meetsEqualTimes: false,
    takesEvents: true,
  },
  drifting: {
    definition: plain(drifting(Row)),
    mended: plain(drifting(MendedRow)),
    manifest: describe('drifting', { deletes: 'feed', airbag: null, cursor: cursor('ascending') }),
    knowsDeletions: true,
    meetsEqualTimes: false,
    drift,
  },
} satisfies Record<string, StormSync>;

export type StormSyncName = keyof typeof stormSyncs;
export type { Deletion };
