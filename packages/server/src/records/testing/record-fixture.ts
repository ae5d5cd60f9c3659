import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Change, ChangesPage, Page, StoredRecord } from '@tenon/runtime/contract';
import { canonicalJson, type OutgoingPage, type OutgoingRecord, type PageCounts } from '@tenon/runtime/execute';
import type { Schema } from '../../database/schema.ts';
import { listChanges } from '../list-changes.ts';
import { listRecords } from '../list-records.ts';
import { createRecordStore } from '../record-store.ts';

export type Data = Record<string, unknown> & { id: string };

export function outgoing(data: Data): OutgoingRecord {
  const json = canonicalJson(data);
  return {
    id: data.id,
    json,
    hash: createHash('sha256').update(json).digest().subarray(0, 16),
    observedMs: Date.now(),
  };
}

export function pageOfRecords(records: readonly Data[], more: Partial<OutgoingPage> = {}): OutgoingPage {
  return {
    sequence: 1,
    partition: '',
    model: 'Issue',
    records: records.map(outgoing),
    deletedIds: [],
    deletedObservedMs: Date.now(),
    quarantined: [],
    settledQuarantine: [],
    ...more,
  };
}

export interface RecordFixture {
  readonly datasetId: number;
  readonly syncId: number;
  /** Starts an attempt of a run; commits and absence belong to it. */
  startRun(): Promise<{ id: string; generation: number }>;
  commit(page: OutgoingPage, options?: { run?: { id: string; generation: number } }): Promise<PageCounts>;
  finish(run: { id: string; generation: number }): Promise<number>;
  list(options?: { limit?: number; includeDeleted?: boolean }): Promise<StoredRecord[]>;
  changes(cursor?: string, limit?: number): Promise<ChangesPage>;
  /** Follows the feed to its end. */
  follow(cursor?: string, limit?: number): Promise<{ changes: Change[]; cursor: string }>;
}

/** A connection with one sync and one dataset, in a database of the tests. */
export async function createRecordFixture(database: Kysely<Schema>): Promise<RecordFixture> {
  const store = createRecordStore({ now: Date.now });
  const unique = crypto.randomUUID();
  const environment = await database
    .insertInto('environments')
    .values({ name: `e-${unique}` })
    .returning('id')
    .executeTakeFirstOrThrow();
  const connection = await database
    .insertInto('connections')
    .values({
      environment_id: environment.id,
      integration: 'sandbox',
      name: 'acme',
      auth_mode: 'none',
      config: '{}',
      credentials: Buffer.alloc(0),
      settings: '{}',
      metadata: '{}',
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const sync = await database
    .insertInto('syncs')
    .values({ environment_id: environment.id, connection_id: connection.id, integration: 'sandbox', sync: 'issues' })
    .returning('id')
    .executeTakeFirstOrThrow();
  const datasets = await store.ensureDatasets(database, connection.id, ['Issue']);
  const datasetId = datasets.get('Issue') ?? 0;

  const readChanges = async (cursor?: string, limit = 100): Promise<ChangesPage> =>
    JSON.parse(await listChanges(database, { datasetId, cursor, limit })) as ChangesPage;

  return {
    datasetId,
    syncId: sync.id,
    async startRun() {
      const id = crypto.randomUUID();
      await database
        .insertInto('runs')
        .values({
          id,
          environment_id: environment.id,
          connection_id: connection.id,
          kind: 'sync',
          integration: 'sandbox',
          function: 'issues',
          version: 1,
          trigger: 'manual',
          due_at: new Date(),
          counts: '{}',
        })
        .execute();
      return { id, generation: 1 };
    },
    commit: (page, { run } = {}) =>
      database.transaction().execute((transaction) =>
        store.commitPage(transaction, {
          datasetId,
          run: run ?? { id: unique, generation: 1 },
          page,
          trackSightings: run !== undefined,
          now: new Date(),
        }),
      ),
    finish: (run) =>
      database.transaction().execute((transaction) => store.finishAbsence(transaction, { run, datasets: [datasetId] })),
    async list({ limit = 100, includeDeleted = false } = {}) {
      const items: StoredRecord[] = [];
      for (let cursor: string | null | undefined; cursor !== null;) {
        const text = await listRecords(database, {
          datasetId,
          cursor,
          limit,
          deleted: includeDeleted ? 'include' : 'exclude',
        });
        const page = JSON.parse(text) as Page<StoredRecord>;
        items.push(...page.items);
        cursor = page.nextCursor;
      }
      return items;
    },
    changes: readChanges,
    async follow(cursor, limit = 100) {
      const changes: Change[] = [];
      for (;;) {
        const page = await readChanges(cursor, limit);
        changes.push(...page.items);
        cursor = page.nextCursor;
        if (!page.hasMore) return { changes, cursor };
      }
    },
  };
}
