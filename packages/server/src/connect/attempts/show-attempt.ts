import type { ConnectAttempt } from '@tenon/runtime/contract';
import { authorizationExpired } from './attempt-errors.ts';
import type { AttemptRow } from '../storage/select-attempt.ts';

/** Where an attempt is, at that time. */
export function showAttempt(
  row: AttemptRow,
  { nowMs, requestId }: { nowMs: number; requestId: string },
): ConnectAttempt {
  const status = row.status === 'pending' && row.expires_at.getTime() <= nowMs ? 'expired' : row.status;
  const { code, message, hint } = authorizationExpired();
  return {
    id: row.id,
    status,
    url: status === 'pending' ? row.url : null,
    connected: status === 'succeeded' ? { integration: row.integration, connection: row.connection } : null,
    error: status === 'expired' ? { code, message, ...(hint !== undefined && { hint }), requestId } : row.error,
    expiresAt: row.expires_at.toISOString(),
  };
}
