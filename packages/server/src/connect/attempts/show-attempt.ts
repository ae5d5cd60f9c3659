import type { ConnectAttempt } from '@tenon/runtime/contract';
import type { ConnectContext } from '../connect-context.ts';
import type { AttemptRow } from '../storage/select-attempt.ts';
import { authorizationExpired, authorizationInterrupted } from './attempt-errors.ts';
import { isAbandoned, statusOf } from './attempt-status.ts';
import { openStarted } from './pending-authorization.ts';

/** Where an attempt is now. */
export async function showAttempt(
  { connections }: ConnectContext,
  row: AttemptRow,
  { requestId }: { requestId: string },
): Promise<ConnectAttempt> {
  const { keyring, now } = connections;
  const status = statusOf(row, now());
  const started =
    status === 'pending' && row.pending ? await openStarted(row.pending, { keyring, rowId: row.row_id }) : undefined;
  const { code, message, hint } = isAbandoned(row, now()) ? authorizationInterrupted() : authorizationExpired();
  return {
    id: row.id,
    status,
    url: started?.url ?? null,
    connected: status === 'succeeded' ? { integration: row.integration, connection: row.connection } : null,
    error: status === 'expired' ? { code, message, ...(hint !== undefined && { hint }), requestId } : row.error,
    expiresAt: row.expires_at.toISOString(),
  };
}
