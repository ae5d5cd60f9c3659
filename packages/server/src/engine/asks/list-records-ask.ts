import type { AskContext } from './ask-context.ts';
import type { AskHandler } from './ask-handlers.ts';
import { findOwnDataset } from './find-own-dataset.ts';
import { selectStoredAfter } from './queries/select-stored-after.ts';

/** Own live records, a page in the order of their ids. */
export function listRecordsAsk({ database }: Pick<AskContext, 'database'>): AskHandler<'list-records'> {
  return async ({ model, after, limit }, asking) => {
    const datasetId = await findOwnDataset(asking, model);
    return await selectStoredAfter(database, { datasetId, after, limit });
  };
}
