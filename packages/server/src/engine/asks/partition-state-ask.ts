import { readSyncState } from '../states/queries/read-sync-state.ts';
import { stateOwnerOf } from '../runs/state-owner-of.ts';
import type { AskContext } from './ask-context.ts';
import type { AskHandler } from './ask-handlers.ts';

/** Where a partition of the sync is. */
export function partitionStateAsk({ database }: Pick<AskContext, 'database'>): AskHandler<'partition-state'> {
  return ({ partition }, { run }) =>
    run.sync_id === null ? Promise.resolve({}) : readSyncState(database, stateOwnerOf(run), partition);
}
