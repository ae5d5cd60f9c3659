import type { AskContext } from './ask-context.ts';
import type { AskHandler } from './ask-handlers.ts';

/** Queues a run of a sync of the same connection. */
export function triggerSyncAsk({ triggerSync }: Pick<AskContext, 'triggerSync'>): AskHandler<'trigger-sync'> {
  return async ({ name }, { run }) => {
    const triggered = await triggerSync({
      environmentId: run.environment_id,
      integration: run.integration,
      connection: run.connection,
      sync: name,
      trigger: 'api',
    });
    return { runId: triggered.run.id };
  };
}
