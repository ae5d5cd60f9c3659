import { TenonError } from '@tenon/runtime/errors';
import type { ConnectionContext } from './connection-context.ts';
import { examineConnection } from './examine-connection.ts';
import { settleExamination } from './settle-examination.ts';

/** `refused`: the connection is dead; `accepted`: only the one call was refused; `unknown`: the provider didn't answer. */
export type RefusalVerdict = 'refused' | 'accepted' | 'unknown';

/**
 * After a run was refused, finds out whether the connection is: with its verification request, where the provider has
 * one. A call that needs a right which the customer never gave is answered with 401 by many providers, and must not
 * make a customer connect again. What it finds is noted with the connection.
 */
export async function confirmRefusal(
  context: ConnectionContext,
  { connectionId: usedId, signal }: { connectionId: number; signal: AbortSignal },
): Promise<RefusalVerdict> {
  // What is found of a borrowed connection is its lender's.
  const { id: connectionId } = await context.secrets.read(usedId);
  const examination = await examineConnection(context, { connectionId, signal });
  // Without a request to try, the run's refusal is all there is to go by.
  if (!examination.verified && examination.error === undefined) {
    const error = new TenonError('provider_unauthorized', 'The provider refused the credentials in a run.', {
      hint: 'Test the connection, or let the customer connect again.',
    });
    await settleExamination(context, { connectionId, examination: { ...examination, error } });
    return 'refused';
  }
  const problem = await settleExamination(context, { connectionId, examination });
  if (!problem) return 'accepted';
  return problem.class === 'revoked' ? 'refused' : 'unknown';
}
