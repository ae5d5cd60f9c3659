import type { ConnectSessionState } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import type { ConnectContext } from '../connect-context.ts';
import { selectSession } from '../storage/select-session.ts';
import { selectSessionAttempts } from '../storage/select-session-attempts.ts';

/**
 * What became of a session at providers, for whoever made it. What a form connected has no attempt: its answer is its
 * end.
 * @throws TenonError `not_found`
 */
export async function readSessionState(
  { connections }: ConnectContext,
  { id, environmentId }: { id: number; environmentId: number },
): Promise<ConnectSessionState> {
  const session = await selectSession(connections.database, { id });
  if (session?.environmentId !== environmentId) throw sessionNotFound(id);
  const attempts = await selectSessionAttempts(connections.database, { sessionId: id });
  const last = attempts.at(-1);
  return {
    id: String(id),
    status: session.expiresAt.getTime() > connections.now() ? 'open' : 'expired',
    connected: attempts
      .filter(({ status }) => status === 'succeeded')
      .map(({ integration, connection }) => ({ integration, connection })),
    error: last?.status === 'failed' ? last.error : null,
    expiresAt: session.expiresAt.toISOString(),
  };
}

export function sessionNotFound(id: number): TenonError {
  return new TenonError('not_found', `There is no connect session ${id}.`, {
    hint: 'It may have expired, or been taken back.',
  });
}
