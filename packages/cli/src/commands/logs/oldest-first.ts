import type { LogEntry } from '@tenon/runtime/contract';

/** In the order of writing, whichever way the server listed them: ids grow. */
export function oldestFirst(entries: readonly LogEntry[]): LogEntry[] {
  return [...entries].sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
}
