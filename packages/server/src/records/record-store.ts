import type { Kysely } from 'kysely';
import type { Schema } from '../database/schema.ts';
import { settleAbsence, type SettledAbsence, type AbsenceOptions } from './absence/settle-absence.ts';
import { approveHold, type ApprovedHold } from './holds/approve-hold.ts';
import { discardHold } from './holds/discard-hold.ts';
import { ensureDatasets } from './queries/ensure-datasets.ts';
import { commitPage, type CommitPageOptions, type CommittedPage } from './writing/commit-page.ts';
import { createPageExpectations } from './writing/page-expectations.ts';

export interface RecordStore {
  /** Writes a page within the caller's transaction. Writing it again changes nothing. */
  commitPage(transaction: Kysely<Schema>, options: CommitPageOptions): Promise<CommittedPage>;
  /** Creates the datasets that a connection lacks, and gives the id of each model's. */
  ensureDatasets: typeof ensureDatasets;
  /** Deletes what a complete run did not see, or holds it, within the transaction that ends the run. */
  settleAbsence(transaction: Kysely<Schema>, options: AbsenceOptions): Promise<SettledAbsence>;
  /**
   * Deletes what a hold holds and did not change since, within the caller's transaction.
   * @throws TenonError `not_found`; `conflict` when it was decided before
   */
  approveHold(transaction: Kysely<Schema>, hold: { environmentId: number; id: number }): Promise<ApprovedHold>;
  /**
   * Leaves what a hold holds as it is.
   * @throws TenonError `not_found`; `conflict` when it was decided before
   */
  discardHold(transaction: Kysely<Schema>, hold: { environmentId: number; id: number }): Promise<void>;
}

/** The writing side of the record store. */
export function createRecordStore(context: {
  now(): number;
  /** Whether what changes replace is kept: for the history of records, differences and undoing. Default: true. */
  keepHistory?: boolean;
}): RecordStore {
  const { now, keepHistory = true } = context;
  const expectations = createPageExpectations();
  return {
    commitPage: (transaction, options) => commitPage({ expectations, keepHistory }, transaction, options),
    ensureDatasets,
    settleAbsence: (transaction, options) => settleAbsence({ keepHistory }, transaction, options),
    approveHold: (transaction, hold) => approveHold({ keepHistory }, transaction, { ...hold, now: new Date(now()) }),
    discardHold: (transaction, hold) => discardHold(transaction, { ...hold, now: new Date(now()) }),
  };
}
