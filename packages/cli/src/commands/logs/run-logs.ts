import type { LiveEvent, LogEntry, LogKind, LogLevel } from '@tenon/runtime/contract';
import { logLevelSchema } from '@tenon/runtime/contract';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { formatLog } from '../../output/format-log.ts';

export interface LogsFlags extends TargetFlags {
  readonly run?: string;
  readonly level?: LogLevel;
  readonly kind?: LogKind;
  readonly search?: string;
  readonly integration?: string;
  readonly connection?: string;
  readonly function?: string;
  readonly since?: Date;
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
    const { run: runId, level, kind, search, integration, connection, function: functionName, since } = flags;
    const query = { runId, level, kind, search, integration, connection, function: functionName };
    const after = since?.toISOString();
    const { items } = await server.listLogs({ ...query, after, limit: Math.min(flags.limit, 1_000), signal });
    // Whichever order the server lists in, a log is read downwards.
    const oldestFirst = [...items].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
    for (const entry of oldestFirst) print(entry);
    if (events === undefined && items.length === 0) output.note('Nothing was logged.');
    if (events === undefined) return;
    for await (const event of events) {
      if (event.type !== 'log' || !isWanted(event, flags)) continue;
      print(event.entry, output.colors.dim(`${event.run.integration}/${event.run.function} ${event.run.connection} `));
    }
  });
}

/** What the server's list is narrowed by, for entries that come later. */
function isWanted({ run, entry }: Extract<LiveEvent, { type: 'log' }>, flags: LogsFlags): boolean {
  const levels = logLevelSchema.options;
  const words = flags.search?.toLowerCase().split(/\s+/) ?? [];
  const message = entry.message.toLowerCase();
  return (
    (flags.run === undefined || run.id === flags.run) &&
    levels.indexOf(entry.level) >= levels.indexOf(flags.level ?? 'debug') &&
    (flags.kind === undefined || entry.kind === flags.kind) &&
    (flags.integration === undefined || run.integration === flags.integration) &&
    (flags.connection === undefined || run.connection === flags.connection) &&
    (flags.function === undefined || run.function === flags.function) &&
    words.every((word) => message.includes(word))
  );
}
