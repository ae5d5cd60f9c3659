import type { ConnectAttempt } from '@tenon/runtime/contract';
import type { AttemptRow } from '../storage/select-attempt.ts';

/** A provider that needs longer for its token has failed. */
export const exchangeDeadlineMs = 30_000;

/** Longer than any exchange takes with storing what it gave: the server that had claimed the attempt is gone. */
export const abandonedAfterMs = exchangeDeadlineMs + 10_000;

type Watched = Pick<AttemptRow, 'status' | 'claimed_at' | 'expires_at'>;

/**
 * Where an attempt is. One whose server died in the middle never ends by itself, and its code may be used up: it is as
 * over as one whose customer never came back.
 */
export function statusOf(row: Watched, nowMs: number): ConnectAttempt['status'] {
  if (row.status !== 'pending') return row.status;
  return isAbandoned(row, nowMs) || row.expires_at.getTime() <= nowMs ? 'expired' : 'pending';
}

/** Whether a server began to finish it, and did not. */
export function isAbandoned({ status, claimed_at: claimedAt }: Watched, nowMs: number): boolean {
  return status === 'pending' && claimedAt !== null && claimedAt.getTime() + abandonedAfterMs <= nowMs;
}
