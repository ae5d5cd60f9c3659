import type { AskContext } from './ask-context.ts';
import type { AskHandler } from './ask-handlers.ts';
import { selectQuarantinedTexts } from './queries/select-quarantined-texts.ts';

/** What a replay saves once more. */
export function listQuarantinedAsk({ database }: Pick<AskContext, 'database'>): AskHandler<'list-quarantined'> {
  return ({ after, limit }, { run }) =>
    run.sync_id === null
      ? Promise.resolve([])
      : selectQuarantinedTexts(database, { syncId: run.sync_id, after, limit });
}
