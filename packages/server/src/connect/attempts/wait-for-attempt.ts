import { setTimeout as delay } from 'node:timers/promises';
import { TenonError } from '@tenon/runtime/errors';
import type { ConnectContext } from '../connect-context.ts';
import { statusOf } from './attempt-status.ts';
import { selectAttempt, type AttemptRow } from '../storage/select-attempt.ts';

/** A look is one read by primary key; whoever waits sees the end this late, in whatever process it came about. */
const lookEveryMs = 400;

/**
 * An attempt of the session, when it is over or when the time is up: what the page shows survives closed windows,
 * lost messages and providers that cut the tie between windows.
 * @param options.signal ends the waiting early, not with an error
 * @throws TenonError `not_found`
 */
export async function waitForAttempt(
  { connections }: ConnectContext,
  address: { id: string; sessionId: number },
  options: { waitMs: number; signal: AbortSignal },
): Promise<AttemptRow> {
  const untilMs = performance.now() + options.waitMs;
  for (;;) {
    const row = await selectAttempt(connections.database, address);
    if (!row) throw new TenonError('not_found', 'This connect session has no such attempt.');
    const leftMs = untilMs - performance.now();
    const over = statusOf(row, connections.now()) !== 'pending';
    if (over || leftMs <= 0 || options.signal.aborted) return row;
    await delay(Math.min(lookEveryMs, leftMs), undefined, { signal: options.signal }).catch(() => undefined);
  }
}
