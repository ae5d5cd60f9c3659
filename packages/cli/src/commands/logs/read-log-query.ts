import type { LogsFlags } from './run-logs.ts';

/** What the server narrows its list of log entries by. */
export function readLogQuery(flags: LogsFlags) {
  const { run: runId, level, kind, search, integration, connection, function: functionName, since } = flags;
  const after = since?.toISOString();
  return { runId, level, kind, search, integration, connection, function: functionName, after };
}
