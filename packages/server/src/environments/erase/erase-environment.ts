import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';
import type { RunService } from '../../engine/run-service.ts';
import { TenonError } from '@tenon/runtime/errors';
import { selectUnfinished } from '../queries/select-unfinished.ts';
import { eraseSteps } from './erase-steps.ts';

/** A statement each: locks and bursts of the WAL stay short. */
const batchRows = 1_000;

export interface EraseContext {
  readonly database: Kysely<Schema>;
  readonly runs: Pick<RunService, 'cancelRun'>;
  /** Called before each batch. False: somebody else goes on with it, or the server stops. */
  mayGoOn(): Promise<boolean>;
}

/**
 * Removes everything of an environment, and then the environment. Each step removes what is left of its kind, so that a
 * process that takes over from one that was killed begins at the first step and goes quickly through what is done.
 * @returns `running`: its runs are told to stop, and have not yet; `left`: it may not go on
 */
export async function eraseEnvironment(
  { database, runs, mayGoOn }: EraseContext,
  environmentId: number,
): Promise<'erased' | 'running' | 'left'> {
  for (let waiting = batchRows; waiting > 0;) {
    if (!(await mayGoOn())) return 'left';
    const unfinished = await selectUnfinished(database, { environmentId, limit: batchRows });
    for (const runId of unfinished) await cancel(runs, { environmentId, runId });
    waiting = (await selectUnfinished(database, { environmentId, limit: batchRows })).length;
    // What is left after all were asked runs somewhere, and its script is being stopped.
    if (waiting > 0 && waiting >= unfinished.length) return 'running';
  }
  for (const { removeBatch } of eraseSteps) {
    let removed = batchRows;
    while (removed >= batchRows) {
      if (!(await mayGoOn())) return 'left';
      removed = await removeBatch(database, { environmentId, limit: batchRows });
    }
  }
  if (!(await mayGoOn())) return 'left';
  await database
    .deleteFrom('environments')
    .where('id', '=', environmentId)
    .where('deleting_at', 'is not', null)
    .execute();
  return 'erased';
}

async function cancel(runs: EraseContext['runs'], run: { environmentId: number; runId: string }): Promise<void> {
  try {
    await runs.cancelRun(run);
  } catch (error) {
    // It has ended meanwhile.
    if (!(error instanceof TenonError && (error.code === 'conflict' || error.code === 'not_found'))) throw error;
  }
}
