import type { AskContext } from './ask-context.ts';
import type { AskHandler } from './ask-handlers.ts';

/** A variable of the run's environment. */
export function variableAsk({ readVariable }: Pick<AskContext, 'readVariable'>): AskHandler<'variable'> {
  return async ({ name }, { run }) => (await readVariable({ environmentId: run.environment_id, name })) ?? null;
}
