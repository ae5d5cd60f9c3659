import type { LogEntry, LogLevel } from '@tenon/runtime/contract';
import { logLevelSchema } from '@tenon/runtime/contract';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { formatLog } from '../../output/format-log.ts';

export interface LogsFlags extends TargetFlags {
  readonly run?: string;
  readonly level?: LogLevel;
  readonly limit: number;
  readonly follow?: boolean;
}

/** Prints what runs logged, and with --follow what they log from now on, until it is interrupted. */
export async function runLogs(context: CommandContext, flags: LogsFlags): Promise<void> {
  const { output, signal } = context;
  const seen = new Set<string>();
  const print = (entry: LogEntry, prefix = '') => {
    if (seen.has(entry.id)) return;
    seen.add(entry.id);
    output.line(prefix + formatLog(entry, output.colors));
    output.event(entry);
  };
  await withServer(context, flags, async (server) => {
    // Opened first, so that nothing falls between the list and the events.
    const events = flags.follow ? await server.openEvents({ signal }) : undefined;
    const query = { runId: flags.run, level: flags.level };
    const { items } = await server.listLogs({ ...query, limit: Math.min(flags.limit, 1_000), signal });
    // Whichever order the server lists in, a log is read downwards.
    const oldestFirst = [...items].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
    for (const entry of oldestFirst) print(entry);
    if (events === undefined && items.length === 0) output.note('Nothing was logged.');
    if (events === undefined) return;
    const levels = logLevelSchema.options;
    const lowest = levels.indexOf(flags.level ?? 'debug');
    for await (const event of events) {
      if (event.type !== 'log' || (flags.run !== undefined && event.run.id !== flags.run)) continue;
      if (levels.indexOf(event.entry.level) < lowest) continue;
      print(event.entry, output.colors.dim(`${event.run.integration}/${event.run.function} ${event.run.connection} `));
    }
  });
}
