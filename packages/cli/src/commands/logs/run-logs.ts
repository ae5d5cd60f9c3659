import type { LogEntry, LogKind, LogLevel } from '@tenon/runtime/contract';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { formatLog } from '../../output/format-log.ts';
import { followLogs } from './follow-logs.ts';
import { oldestFirst } from './oldest-first.ts';
import { readLogQuery } from './read-log-query.ts';

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
  const print = (entry: LogEntry, prefix = '') => {
    output.line(prefix + formatLog(entry, output.colors));
    output.event(entry);
  };
  await withServer(context, flags, async (server) => {
    if (flags.follow) return followLogs(context, { server, flags, print });
    const { items } = await server.listLogs({ ...readLogQuery(flags), limit: Math.min(flags.limit, 1_000), signal });
    // A log is read downwards.
    for (const entry of oldestFirst(items)) print(entry);
    if (items.length === 0) output.note('Nothing was logged.');
  });
}
