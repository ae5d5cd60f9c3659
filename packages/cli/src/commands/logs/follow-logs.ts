import type { LogEntry } from '@tenon/runtime/contract';
import type { ApiClient } from '../../api-client/api-client.ts';
import type { CommandContext } from '../../command-context.ts';
import { followThroughOutages } from '../../follow/follow-through-outages.ts';
import { isWanted } from './is-wanted.ts';
import { createMissedLogs } from './missed-logs.ts';
import type { LogsFlags } from './run-logs.ts';

/**
 * Prints the last entries and then those that come, each once, until the signal is aborted. When the server was away,
 * what was logged meanwhile is read from the list before the events go on.
 */
export async function followLogs(
  { output, signal }: Pick<CommandContext, 'output' | 'signal'>,
  {
    server,
    flags,
    print,
  }: {
    server: Pick<ApiClient, 'listLogs' | 'openEvents'>;
    flags: LogsFlags;
    print: (entry: LogEntry, prefix?: string) => void;
  },
): Promise<void> {
  const missed = createMissedLogs(server, flags);
  await followThroughOutages({ output, signal }, async (onLive) => {
    const attempt = new AbortController();
    const stop = AbortSignal.any([signal, attempt.signal]);
    try {
      // Opened first, so that nothing falls between the list and the events.
      const events = await server.openEvents({ signal: stop });
      for await (const entry of missed.read(stop)) if (missed.take(entry)) print(entry);
      onLive();
      for await (const event of events) {
        if (event.type !== 'log' || !isWanted(event, flags) || !missed.take(event.entry)) continue;
        const { integration, function: name, connection } = event.run;
        print(event.entry, output.colors.dim(`${integration}/${name} ${connection} `));
      }
    } finally {
      attempt.abort();
    }
  });
}
