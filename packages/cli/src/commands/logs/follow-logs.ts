import type { LiveEvent, LogEntry } from '@tenon/runtime/contract';
import type { ApiClient } from '../../api-client/api-client.ts';
import type { CommandContext } from '../../command-context.ts';
import { followThroughOutages } from '../../follow/follow-through-outages.ts';
import { wait } from '../../follow/wait.ts';
import { isWanted } from './is-wanted.ts';
import { createMissedLogs } from './missed-logs.ts';
import type { LogsFlags } from './run-logs.ts';

/**
 * Prints the last entries and then those that come, each once, until the signal is aborted. When the server was away,
 * what was logged meanwhile is read from the list before the events go on. What other servers on the same database log
 * comes from the list as well, every few seconds.
 */
export async function followLogs(
  { output, signal }: Pick<CommandContext, 'output' | 'signal'>,
  {
    server,
    flags,
    print,
    checkMs = 5_000,
  }: {
    server: Pick<ApiClient, 'listLogs' | 'openEvents'>;
    flags: LogsFlags;
    print: (entry: LogEntry, prefix?: string) => void;
    /** How often the list is looked at beside the events. */
    checkMs?: number;
  },
): Promise<void> {
  const missed = createMissedLogs(server, flags);

  async function printEntries(entries: AsyncIterable<LogEntry>): Promise<void> {
    for await (const entry of entries) if (missed.take(entry)) print(entry);
  }

  async function printEvents(events: AsyncIterable<LiveEvent>): Promise<void> {
    for await (const event of events) {
      if (event.type !== 'log' || !isWanted(event, flags) || !missed.take(event.entry)) continue;
      const { integration, function: name, connection } = event.run;
      print(event.entry, output.colors.dim(`${integration}/${name} ${connection} `));
    }
  }

  /** Events are those of one server; others may share its database. */
  async function checkList(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      await wait(checkMs, stop);
      if (!stop.aborted) await printEntries(missed.check(stop));
    }
  }

  await followThroughOutages({ output, signal }, async (onLive) => {
    const attempt = new AbortController();
    const stop = AbortSignal.any([signal, attempt.signal]);
    try {
      // Opened first, so that nothing falls between the list and the events.
      const events = await server.openEvents({ signal: stop });
      await printEntries(missed.read(stop));
      onLive();
      await Promise.race([printEvents(events), checkList(stop)]);
    } finally {
      attempt.abort();
    }
  });
}
