import type { Kysely } from 'kysely';
import { TenonError } from '@tenon/runtime/errors';
import type { SyncManifest } from '@tenon/runtime/contract';
import type { OutgoingPage } from '@tenon/runtime/execute';
import type { Schema } from '../../database/schema.ts';
import { translateDatabaseError } from '../../database/translate-database-error.ts';
import type { StateOwner } from '../states/state-owner.ts';
import { writeSyncState } from '../states/queries/write-sync-state.ts';
import type { LiveRun } from './live-runs.ts';
import { countPage } from './queries/count-page.ts';
import type { RunClaim } from './run-claim.ts';
import type { SettledAbsence } from '../../records/absence/settle-absence.ts';
import type { RecordStore } from '../../records/record-store.ts';
import type { CommittedPage } from '../../records/writing/commit-page.ts';

export interface PageCommitter {
  /** Commits a page after those before it. After one failed, every later one fails too. */
  commit(page: OutgoingPage): Promise<CommittedPage>;
  /** The ids of all datasets of the sync. */
  datasets(): Promise<ReadonlyMap<string, number>>;
  /**
   * Ends the run's work on the records, within the transaction that ends the run, before its row is changed: deletes what a
   * complete enumeration did not see, or holds it.
   */
  finish(transaction: Kysely<Schema>, options: { isComplete: boolean }): Promise<SettledAbsence>;
  /** What the first page that could not be committed failed with. */
  failure(): unknown;
}

/**
 * Commits the pages of one run, one after the other: records, removals, cursor, feed positions and the run's counts in
 * one transaction, which is rolled back when the run is no longer this process's.
 */
export function createPageCommitter(context: {
  database: Kysely<Schema>;
  records: RecordStore;
  claim: RunClaim;
  generation: number;
  sync: { state: StateOwner; connectionId: number; definition: SyncManifest };
  live: LiveRun;
  now(): number;
}): PageCommitter {
  const { database, records, claim, sync } = context;
  // Made before the script begins, so that no request of the attempt is earlier.
  const run = { id: claim.id, generation: context.generation, beganMs: context.now() };
  const syncId = sync.state.syncId;
  const { airbag, deletes } = sync.definition;
  const models = sync.definition.models.map(({ name }) => name);
  let ensured: Promise<ReadonlyMap<string, number>> | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let failure: unknown;

  function datasets(): Promise<ReadonlyMap<string, number>> {
    ensured ??= records.ensureDatasets(database, sync.connectionId, models);
    return ensured;
  }

  async function commitNext(page: OutgoingPage): Promise<CommittedPage> {
    if (failure !== undefined) throw failure;
    try {
      return await commitNow(page);
    } catch (error) {
      failure = translateDatabaseError(error);
      throw failure;
    }
  }

  async function commitNow(page: OutgoingPage): Promise<CommittedPage> {
    const datasetId = (await datasets()).get(page.model);
    if (datasetId === undefined) {
      throw new TenonError(
        'model_unknown',
        `${sync.definition.source} saved ${page.model}, which it does not declare.`,
        {
          hint: `Declare it under \`models\`, beside ${models.join(', ')}.`,
        },
      );
    }
    return database.transaction().execute(async (transaction) => {
      const committed = await records.commitPage(transaction, {
        datasetId,
        syncId,
        run,
        page,
        airbag,
        trackSightings: deletes === 'absence',
        now: new Date(context.now()),
      });
      if (movesState(page)) await writeSyncState(transaction, sync.state, page);
      // Last: heartbeats of all runs wait for whoever holds the row.
      if (await countPage(transaction, claim, committed.counts)) return committed;
      context.live.abort('disowned');
      throw new TenonError('run_lost', 'The run was taken over by another process.');
    });
  }

  return {
    commit(page) {
      const result = last.then(() => commitNext(page));
      last = result.catch(() => undefined);
      return result;
    },
    datasets,
    async finish(transaction, { isComplete }) {
      const ids = [...(await datasets()).values()];
      const now = new Date(context.now());
      return records.settleAbsence(transaction, {
        run,
        syncId,
        datasets: ids,
        sync: { airbag, deletes },
        isComplete,
        now,
      });
    },
    failure: () => failure,
  };
}

function movesState({ cursor, checkpoint, progress }: OutgoingPage): boolean {
  return cursor !== undefined || checkpoint !== undefined || progress !== undefined;
}
