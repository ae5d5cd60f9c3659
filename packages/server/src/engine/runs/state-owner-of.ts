import type { StateOwner } from '../states/state-owner.ts';
import type { ClaimedRun } from './queries/claim-run.ts';

/** Whose state a run reads and moves: a backfill has one of its own, all others share the live one. */
export function stateOwnerOf(run: ClaimedRun): StateOwner {
  const scope = run.lane === 'backfill' ? run.id : 'live';
  return { syncId: Number(run.sync_id), cursorEpoch: run.cursor_epoch, scope, runId: run.id };
}
