import type { AskContext } from './ask-context.ts';
import type { AskHandler } from './ask-handlers.ts';
import { selectQuarantined } from './queries/select-quarantined.ts';

/** What a replay saves once more. */
export function listQuarantinedAsk({ database }: Pick<AskContext, 'database'>): AskHandler<'list-quarantined'> {
  return ({ after, limit }, { run }) =>
    run.sync_id === null ? Promise.resolve([]) : selectQuarantined(database, { syncId: run.sync_id, after, limit });
}
