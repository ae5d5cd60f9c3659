import { TenonError, type ErrorCode } from '@tenon/runtime/errors';
import { isServerAway } from '../api-client/is-server-away.ts';
import type { CommandContext } from '../command-context.ts';
import { wait } from './wait.ts';

export interface OutageOptions extends Pick<CommandContext, 'output' | 'signal'> {
  /** Milliseconds before the first try; doubles up to ten seconds. Default 500. */
  readonly firstDelayMs?: number;
  /** From 0 to 1; spreads those who come back to a restarted server. */
  readonly random?: () => number;
}

const longestDelayMs = 10_000;
/** A connection that held this long was a good one: the next outage begins with short delays again. */
const steadyMs = 10_000;

/** Beside a server that is away: what also passes while a network comes back, as of a laptop that slept. */
const passing: ReadonlySet<ErrorCode> = new Set(['rate_limited', 'server_name_unknown', 'proxy_failed']);

/**
 * Does work that goes on for ever, and does it again when the server goes away or ends it, until the signal is
 * aborted; then it returns without an error. An outage is told once on stderr, and so is its end.
 * @param work calls `onLive` when the server has answered; before that has happened once, its errors are thrown
 * @throws TenonError what does not pass by itself, such as a key that was revoked
 */
export async function followThroughOutages(
  options: OutageOptions,
  work: (onLive: () => void) => Promise<void>,
): Promise<void> {
  const { output, signal, firstDelayMs = 500, random = Math.random } = options;
  let liveSince: number | undefined;
  let hasBeenLive = false;
  let isAway = false;
  let failures = 0;
  const onLive = () => {
    if (isAway) output.note('The server is back; going on where it broke off.');
    isAway = false;
    hasBeenLive = true;
    liveSince ??= performance.now();
  };
  while (!signal.aborted) {
    let reason = 'The server ended the connection.';
    try {
      await work(onLive);
    } catch (error) {
      if (signal.aborted) return;
      if (!hasBeenLive || !isPassing(error)) throw error;
      reason = error.message;
    }
    if (signal.aborted) return;
    if (liveSince !== undefined && performance.now() - liveSince >= steadyMs) failures = 0;
    liveSince = undefined;
    if (!isAway) output.note(`${reason} Trying again until it is back; Ctrl-C ends it.`);
    isAway = true;
    await wait(Math.min(longestDelayMs, firstDelayMs * 2 ** failures) * (1 - random() / 2), signal);
    failures = Math.min(failures + 1, 10);
  }
}

function isPassing(error: unknown): error is TenonError {
  return error instanceof TenonError && (isServerAway(error) || passing.has(error.code));
}
