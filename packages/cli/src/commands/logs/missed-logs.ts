import type { LogEntry } from '@tenon/runtime/contract';
import type { ApiClient } from '../../api-client/api-client.ts';
import { oldestFirst } from './oldest-first.ts';
import { readLogQuery } from './read-log-query.ts';
import type { LogsFlags } from './run-logs.ts';

/** Ids are given before entries are stored, so one may appear below another that was read already. */
const overlap = 1_000n;
const pageSize = 1_000;
/** Many times what the overlap can hold. */
const mostRemembered = 20_000;

/** Which entries were read, and the way to those that were not. */
export interface MissedLogs {
  /** Whether the entry is new; from now on it is not. */
  take(entry: LogEntry): boolean;
  /** Those that are listed and were not taken, oldest first; the first time, the last ones up to the limit. */
  read(signal: AbortSignal): AsyncGenerator<LogEntry, void, undefined>;
  /** As `read`, at the price of one entry while nothing comes. After `read`. */
  check(signal: AbortSignal): AsyncGenerator<LogEntry, void, undefined>;
}

/** Follows the list of log entries by their ids, which grow, in memory that does not. */
export function createMissedLogs(server: Pick<ApiClient, 'listLogs'>, flags: LogsFlags): MissedLogs {
  const query = readLogQuery(flags);
  const taken = new Set<string>();
  let newest = 0n;
  /** Nothing up to here is wanted; undefined: the list was not read yet. */
  let floor: bigint | undefined;
  /** What was newest when the list was read. */
  let readUpTo = 0n;
  /** Whether it was read once more after the last that came: what was stored at the same moment is there by then. */
  let isSettled = false;

  async function* readAfter(after: bigint, signal: AbortSignal): AsyncGenerator<LogEntry, void, undefined> {
    let cursor = after > 0n ? String(after) : undefined;
    do {
      const page = await server.listLogs({ ...query, cursor, limit: pageSize, signal });
      yield* page.items;
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
  }

  /** All runs are listed newest first. */
  async function readBackTo(after: bigint, signal: AbortSignal): Promise<LogEntry[]> {
    const found: LogEntry[] = [];
    let cursor: string | undefined;
    do {
      const page = await server.listLogs({ ...query, cursor, limit: pageSize, signal });
      found.push(...page.items.filter(({ id }) => BigInt(id) > after));
      cursor = page.nextCursor ?? undefined;
      if (page.items.some(({ id }) => BigInt(id) <= after)) break;
    } while (cursor !== undefined);
    return oldestFirst(found);
  }

  /** What was there before: as many as were asked for, the last ones. */
  async function readLast(signal: AbortSignal): Promise<LogEntry[]> {
    if (query.runId === undefined) {
      const { items } = await server.listLogs({ ...query, limit: Math.min(flags.limit, pageSize), signal });
      return oldestFirst(items);
    }
    let last: LogEntry[] = [];
    for await (const entry of readAfter(0n, signal)) {
      last.push(entry);
      if (last.length >= flags.limit * 2) last = last.slice(-flags.limit);
    }
    return last.slice(-flags.limit);
  }

  async function hasNews(signal: AbortSignal): Promise<boolean> {
    const cursor = query.runId === undefined ? undefined : String(readUpTo);
    const { items } = await server.listLogs({ ...query, cursor, limit: 1, signal });
    return items.some(({ id }) => BigInt(id) > readUpTo);
  }

  async function* read(signal: AbortSignal): AsyncGenerator<LogEntry, void, undefined> {
    if (floor === undefined) {
      const last = await readLast(signal);
      floor = last[0] === undefined ? 0n : BigInt(last[0].id) - 1n;
      yield* last;
    } else {
      const after = newest - overlap > floor ? newest - overlap : floor;
      const entries = query.runId === undefined ? await readBackTo(after, signal) : readAfter(after, signal);
      for await (const entry of entries) if (!taken.has(entry.id)) yield entry;
    }
    readUpTo = newest;
  }

  return {
    read,
    async *check(signal) {
      const isNew = await hasNews(signal);
      if (!isNew && isSettled) return;
      isSettled = !isNew;
      yield* read(signal);
    },
    take({ id }) {
      if (taken.has(id)) return false;
      taken.add(id);
      const [eldest] = taken;
      if (taken.size > mostRemembered && eldest !== undefined) taken.delete(eldest);
      if (BigInt(id) > newest) newest = BigInt(id);
      return true;
    },
  };
}
