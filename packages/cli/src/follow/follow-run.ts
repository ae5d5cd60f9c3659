import type { LiveEvent, LogEntry, Run } from '@tenon/runtime/contract';
import type { ApiClient } from '../api-client/api-client.ts';
import { wait } from './wait.ts';

export interface RunFollower {
  /** Events, opened before the run was triggered. */
  readonly events: AsyncIterable<LiveEvent>;
  readonly signal: AbortSignal;
  readonly onLog: (entry: LogEntry) => void;
  /** How often the run is asked for beside the events. Default 2,000 ms. */
  readonly pollMs?: number;
}

/**
 * Follows one run to its end. The events tell at once; in case one is lost, or their stream breaks off, the run
 * itself is asked for now and then. Every log entry is handed on once, in order of arrival.
 */
export async function followRun(
  server: Pick<ApiClient, 'getRun' | 'listLogs'>,
  runId: string,
  follower: RunFollower,
): Promise<Run> {
  const { signal, pollMs = 2_000 } = follower;
  const seen = new Set<string>();
  const hand = (entry: LogEntry) => {
    if (seen.has(entry.id)) return;
    seen.add(entry.id);
    follower.onLog(entry);
  };
  const ended = new AbortController();
  const stop = AbortSignal.any([signal, ended.signal]);
  try {
    const run = await Promise.race([
      watchEvents(follower.events, { runId, onLog: hand, signal: stop }),
      pollRun(server, { runId, pollMs, signal: stop }),
    ]);
    for await (const entry of readLogs(server, runId, signal)) hand(entry);
    return run;
  } finally {
    ended.abort();
  }
}

async function watchEvents(
  events: AsyncIterable<LiveEvent>,
  options: { runId: string; onLog: (entry: LogEntry) => void; signal: AbortSignal },
): Promise<Run> {
  try {
    for await (const event of events) {
      if (options.signal.aborted) break;
      if (event.type === 'log' && event.run.id === options.runId) options.onLog(event.entry);
      if (event.type === 'run.finished' && event.run.id === options.runId) return event.run;
    }
  } catch {
    // The stream broke; asking goes on, and tells if the server is gone.
  }
  return new Promise(() => {});
}

async function pollRun(
  server: Pick<ApiClient, 'getRun'>,
  options: { runId: string; pollMs: number; signal: AbortSignal },
): Promise<Run> {
  for (;;) {
    const run = await server.getRun(options.runId, { signal: options.signal });
    if (run.finishedAt !== null) return run;
    await wait(options.pollMs, options.signal);
    options.signal.throwIfAborted();
  }
}

/** Everything that a run logged, oldest first. */
export async function* readLogs(
  server: Pick<ApiClient, 'listLogs'>,
  runId: string,
  signal: AbortSignal,
): AsyncGenerator<LogEntry, void, undefined> {
  let cursor: string | undefined;
  for (;;) {
    const page = await server.listLogs({ runId, cursor, limit: 1_000, signal });
    yield* page.items;
    if (page.nextCursor === null) return;
    cursor = page.nextCursor;
  }
}
