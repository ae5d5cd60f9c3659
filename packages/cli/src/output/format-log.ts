import { stripVTControlCharacters } from 'node:util';
import type { LogEntry, LogLevel } from '@tenon/runtime/contract';
import type { ChalkInstance } from 'chalk';
import { formatTime } from './format-time.ts';

/** One line for a log entry. What scripts write cannot move the cursor or change the terminal's colours. */
export function formatLog(entry: LogEntry, colors: ChalkInstance): string {
  const paint: Record<LogLevel, (text: string) => string> = {
    debug: colors.dim,
    info: colors.cyan,
    warn: colors.yellow,
    error: colors.red,
  };
  // What the engine and requests have to say is all in the message; --json has the data.
  const data = entry.data === null || entry.kind !== 'log' ? '' : ` ${colors.dim(JSON.stringify(entry.data))}`;
  const message = stripVTControlCharacters(entry.message);
  return `${colors.dim(formatTime(entry.at))} ${paint[entry.level](entry.level.padEnd(5))} ${message}${data}`;
}
