import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Airbag, Change, ChangesPage, Page, StoredRecord } from '@tenon/runtime/contract';
import { canonicalJson, type OutgoingPage, type OutgoingRecord, type PageCounts } from '@tenon/runtime/execute';
import type { Schema } from '../../database/schema.ts';
import { listChanges } from '../reading/list-changes.ts';
import { listRecords } from '../reading/list-records.ts';
import type { FinishedRecords } from '../absence/finish-run.ts';
import { createRecordStore, type RecordStore } from '../record-store.ts';
import type { CommittedPage, RunOfPage } from '../writing/commit-page.ts';

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

export interface CommitOptions {
  readonly run?: RunOfPage;
  /** Default: null. */
  readonly airbag?: Airbag | null;
  /** Default: whether there is a run. */
  readonly trackSightings?: boolean;
}

export interface RecordFixture {
  readonly datasetId: number;
  readonly syncId: number;
  readonly environmentId: number;
  readonly store: RecordStore;
  /** Starts an attempt of a run; commits and absence belong to it. It began after all that was observed until now. */
  startRun(): Promise<RunOfPage>;
  /** Marks a run as over. */
  endRun(run: RunOfPage): Promise<void>;
  commit(page: OutgoingPage, options?: CommitOptions): Promise<PageCounts>;
  commitWhole(page: OutgoingPage, options?: CommitOptions): Promise<CommittedPage>;
  /** Ends a run that deletes by absence. */
  finish(run: RunOfPage, options?: { airbag?: Airbag | null; isComplete?: boolean }): Promise<FinishedRecords>;
  list(options?: { limit?: number; includeDeleted?: boolean }): Promise<StoredRecord[]>;
  changes(cursor?: string, limit?: number): Promise<ChangesPage>;
  /** Follows the feed to its end. */
  follow(cursor?: string, limit?: number): Promise<{ changes: Change[]; cursor: string }>;
}

/** A connection with one sync and one dataset, in a database of the tests. */
export async function createRecordFixture(
  database: Kysely<Schema>,
  { keepHistory = true, now = Date.now }: { keepHistory?: boolean; now?: () => number } = {},
): Promise<RecordFixture> {
  const store = createRecordStore({ now, keepHistory });
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

  const commitWhole = (page: OutgoingPage, options: CommitOptions = {}): Promise<CommittedPage> => {
    const { run = { id: unique, generation: 1, beganMs: 0 }, airbag = null } = options;
    const { trackSightings = options.run !== undefined } = options;
    const values = { datasetId, syncId: sync.id, run, page, airbag, trackSightings, now: new Date(now()) };
    return database.transaction().execute((transaction) => store.commitPage(transaction, values));
  };

  return {
    datasetId,
    syncId: sync.id,
    environmentId: environment.id,
    store,
    async startRun() {
      const id = crypto.randomUUID();
      await database
        .insertInto('runs')
        .values({
          id,
          environment_id: environment.id,
          connection_id: connection.id,
          sync_id: sync.id,
          kind: 'sync',
          integration: 'sandbox',
          function: 'issues',
          version: 1,
          trigger: 'manual',
          status: 'running',
          side_by_side: true,
          due_at: new Date(),
          counts: '{}',
        })
        .execute();
      return { id, generation: 1, beganMs: now() + 1 };
    },
    async endRun({ id }) {
      await database.updateTable('runs').set({ status: 'succeeded' }).where('id', '=', id).execute();
    },
    commit: async (page, options) => (await commitWhole(page, options)).counts,
    commitWhole,
    finish: (run, { airbag = null, isComplete = true } = {}) =>
      database.transaction().execute((transaction) =>
        store.finishRun(transaction, {
          run,
          syncId: sync.id,
          datasets: [datasetId],
          sync: { deletes: 'absence', airbag },
          isComplete,
          now: new Date(now()),
        }),
      ),
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
