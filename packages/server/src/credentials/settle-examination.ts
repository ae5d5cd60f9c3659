import type { ConnectionProblem } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import { holdConnection } from '../engine/schedules/hold-connection.ts';
import type { ConnectionContext } from './connection-context.ts';
import { describeProblem } from './describe-problem.ts';
import type { Examination } from './examine-connection.ts';
import { publishConnectionEvent } from './publish-connection-event.ts';
import { recordProblem } from './record-problem.ts';
import { clearProblem } from './storage/clear-problem.ts';
import { classifyFailure } from './tokens/classify-failure.ts';
import { planRefresh } from './tokens/plan-refresh.ts';
import { findProvider } from '../deployments/find-provider.ts';

/**
 * Notes with a connection what looking at it told: a problem, or that there is none any more.
 * @returns the problem; null: it works
 * @throws a failure that says nothing of the connection
 */
export async function settleExamination(
  context: ConnectionContext,
  { connectionId, examination }: { connectionId: number; examination: Examination },
): Promise<ConnectionProblem | null> {
  const { version, error } = examination;
  if (error === undefined) {
    await recover(context, connectionId);
    return null;
  }
  if (context.renewals.hasNoted(error)) return (await readProblem(context, connectionId)).problem;
  const failure = classifyFailure(error);
  const before = await readProblem(context, connectionId);
  if (failure === undefined || !(error instanceof TenonError)) throw error;
  // One call that the provider did not answer is no problem of the connection; it is told, and not kept.
  if (failure === 'provider_down' && before.state === 'active') {
    return describeProblem(error, { failure, before, at: new Date(context.now()), isFinal: true });
  }
  const noted = (await recordProblem(context, { connectionId, version, error })) ?? before.problem;
  return noted ?? describeProblem(error, { failure, before, at: new Date(context.now()), isFinal: true });
}

async function readProblem({ secrets }: ConnectionContext, connectionId: number) {
  const { problem, state } = await secrets.read(connectionId);
  return { problem, state };
}

async function recover(context: ConnectionContext, connectionId: number): Promise<void> {
  const { problem, state, ...open } = await context.secrets.read(connectionId);
  if (!problem && state === 'active') return;
  const { manifest } = await context.manifests.getActive(open.environment_id);
  const provider = findProvider(manifest, open.integration);
  const { credentials, token } = open;
  const refreshAt = token ? planRefresh(provider, { credentials, token }).refreshAt : null;
  const now = new Date(context.now());
  await context.database.transaction().execute(async (transaction) => {
    const row = await clearProblem(transaction, { connectionId, refreshAt });
    if (!row) return;
    if (row.was_failed) await holdConnection(transaction, { connectionId, held: false, now });
    await publishConnectionEvent(transaction, 'connection.recovered', row);
  });
}
