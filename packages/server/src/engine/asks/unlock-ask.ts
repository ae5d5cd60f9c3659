import type { AskContext } from './ask-context.ts';
import type { AskHandler } from './ask-handlers.ts';

/** Gives back a lock of the run; one that another run has by now is left alone. */
export function unlockAsk({ database }: Pick<AskContext, 'database'>): AskHandler<'unlock'> {
  return async ({ token }, { run }) => {
    await database.deleteFrom('locks').where('token', '=', token).where('run_id', '=', run.id).execute();
    return null;
  };
}
