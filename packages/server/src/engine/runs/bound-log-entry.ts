import type { LogKind, LogLevel } from '@tenon/runtime/contract';
import { toJsonbText } from '../../database/to-jsonb-text.ts';
import type { WorkerLogEntry } from '../../workers/run-request.ts';

/** Of one line, message and data together, in UTF-16 units. */
export const maxEntryLength = 16_384;

/** A line as it is stored: cut to its limit, and without what Postgres cannot hold. */
export function boundLogEntry({ kind, level, message, data }: WorkerLogEntry): {
  kind: LogKind;
  level: LogLevel;
  message: string;
  data: string | null;
} {
  const text = cut(message.replaceAll('\0', ''));
  if (data === undefined) return { kind, level, message: text, data: null };
  const json = toJsonbText(data);
  const fits = text.length + json.length <= maxEntryLength;
  return { kind, level, message: text, data: fits ? json : JSON.stringify({ truncated: `${json.length} characters` }) };
}

function cut(text: string): string {
  return text.length <= maxEntryLength ? text : `${text.slice(0, maxEntryLength - 3)}...`;
}
