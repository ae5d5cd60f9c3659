import type { Kysely } from 'kysely';
import type { DecidedHold, UndoneRun } from '@tenon/runtime/contract';
import type { Schema } from '../database/schema.ts';
import { createTimeOrderedIds } from '../database/time-ordered-ids.ts';
import { getHold } from './holds/list-holds.ts';
import { createRecordStore } from './record-store.ts';
import { undoRun } from './undo/undo-run.ts';

/** What people decide on records, beside what runs write. */
export interface RecordDecisions {
  /** @throws TenonError `not_found`; `conflict` when it was decided before */
  approveHold(hold: { environmentId: number; id: number }): Promise<DecidedHold>;
  /** @throws TenonError `not_found`; `conflict` when it was decided before */
  discardHold(hold: { environmentId: number; id: number }): Promise<DecidedHold>;
  /** @throws TenonError `not_found`; `conflict` for an action, or a run that is not over */
  undoRun(run: { environmentId: number; runId: string }): Promise<UndoneRun>;
}

export function createRecordDecisions(context: {
  readonly database: Kysely<Schema>;
  /** Unix time in milliseconds. */
  readonly now: () => number;
  /** Whether what changes replace is kept. */
  readonly keepHistory: boolean;
}): RecordDecisions {
  const { database } = context;
  const store = createRecordStore(context);
  const newRunId = createTimeOrderedIds(context.now);
  return {
    approveHold: (hold) =>
      database.transaction().execute(async (transaction) => {
        const { deleted } = await store.approveHold(transaction, hold);
        return { hold: await getHold(transaction, hold), deleted };
      }),
    discardHold: (hold) =>
      database.transaction().execute(async (transaction) => {
        await store.discardHold(transaction, hold);
        return { hold: await getHold(transaction, hold), deleted: 0 };
      }),
    undoRun: (run) => undoRun({ ...context, newRunId }, run),
  };
}
