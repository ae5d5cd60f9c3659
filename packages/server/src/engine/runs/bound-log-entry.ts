import type { LogKind, LogLevel } from '@tenon/runtime/contract';
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
  const json = toJson(data);
  const fits = text.length + json.length <= maxEntryLength;
  return { kind, level, message: text, data: fits ? json : JSON.stringify({ truncated: `${json.length} characters` }) };
}

function cut(text: string): string {
  return text.length <= maxEntryLength ? text : `${text.slice(0, maxEntryLength - 3)}...`;
}

/** The IPC channel carries more than JSON does: cycles and bigints too. */
function toJson(data: Record<string, unknown>): string {
  try {
    const json = JSON.stringify(data, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
    // jsonb refuses NUL and lone surrogates; stringify writes both as escapes. A doubled backslash is no escape's start.
    return json.replaceAll(/(\\\\)|\\u0000|\\ud[89a-f][0-9a-f]{2}/gi, '$1');
  } catch {
    return JSON.stringify({ unreadable: 'the data is not JSON' });
  }
}
