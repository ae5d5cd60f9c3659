import type { AskContext } from './ask-context.ts';
import type { AskHandler } from './ask-handlers.ts';

/** What requests of the run carry: the fields of the credential that it may use now, renewed where it was about to end. */
export function credentialsAsk(context: Pick<AskContext, 'getActiveCredential'>): AskHandler<'credentials'> {
  return async (_ask, { run, signal }) => {
    const { fields } = await context.getActiveCredential(Number(run.connection_id), { signal });
    return { ...fields };
  };
}
