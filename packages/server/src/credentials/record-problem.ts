import type { ConnectionProblem } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import { holdConnection } from '../engine/schedules/hold-connection.ts';
import type { ConnectionContext } from './connection-context.ts';
import { publishConnectionEvent } from './publish-connection-event.ts';
import { lockProblem } from './storage/lock-problem.ts';
import { storeProblem } from './storage/store-problem.ts';
import { classifyFailure } from './tokens/classify-failure.ts';
import { describeProblem } from './describe-problem.ts';

export interface FailedExchange {
  readonly connectionId: number;
  /** Of the token that was used; a problem with an earlier one is no news. */
  readonly version: number;
  readonly error: unknown;
  /** Of the renewal that failed; absent: it was another request. */
  readonly claimedAt?: string;
  /** Trying again would change nothing. */
  readonly isFinal?: boolean;
}

/**
 * Notes that a provider refused or did not answer, with when it is tried again, and tells the webhooks when the kind of
 * the problem is another than before. A revoked authorisation fails the connection and holds its syncs.
 * @returns undefined when the failure says nothing of the connection, another token is there by now, or is
 *   being asked for
 */
export async function recordProblem(
  { database, now }: Pick<ConnectionContext, 'database' | 'now'>,
  { connectionId, version, error, claimedAt, isFinal = false }: FailedExchange,
): Promise<ConnectionProblem | undefined> {
  const failure = classifyFailure(error);
  if (failure === undefined || !(error instanceof TenonError)) return undefined;
  return database.transaction().execute(async (transaction) => {
    const before = await lockProblem(transaction, connectionId);
    if (before?.token_version !== version) return undefined;
    const at = new Date(now());
    const problem = describeProblem(error, { failure, before, at, isFinal });
    const refreshAt = problem.retryAt === null ? null : new Date(problem.retryAt);
    const row = await storeProblem(transaction, {
      connectionId,
      version,
      problem,
      refreshAt,
      ...(claimedAt !== undefined && { claimedAt }),
    });
    if (!row) return undefined;
    if (row.state === 'auth_failed') await holdConnection(transaction, { connectionId, held: true, now: at });
    if (before.problem?.class !== problem.class) await publishConnectionEvent(transaction, 'connection.failed', row);
    return problem;
  });
}
