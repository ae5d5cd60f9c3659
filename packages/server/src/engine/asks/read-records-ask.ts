import type { AskContext } from './ask-context.ts';
import type { AskHandler } from './ask-handlers.ts';
import { findOwnDataset } from './find-own-dataset.ts';
import { selectStoredById } from './queries/select-stored-by-id.ts';

/** Own live records, by id. */
export function readRecordsAsk({ database }: Pick<AskContext, 'database'>): AskHandler<'read-records'> {
  return async ({ model, ids }, asking) => {
    const datasetId = await findOwnDataset(asking, model);
    return await selectStoredById(database, { datasetId, ids });
  };
}
