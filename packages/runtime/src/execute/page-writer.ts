import type { RunCursor } from './run-cursor.ts';
import type { CommittedPage } from './script-environment.ts';
import type { OutgoingPage, OutgoingRecord } from './worker-protocol.ts';
import type { PreparedRecord } from './prepare-record.ts';

/** What one page holds at most, and how many pages wait for their commit at once. */
export const pageLimits = { records: 1_000, jsonLength: 2_000_000, inFlight: 4, ageMs: 2_000 } as const;

export interface PageWriter {
  /** Adds a record; a promise when a page went out and the window was full. */
  save(model: string, record: PreparedRecord): Promise<void> | undefined;
  remove(model: string, id: string): Promise<void> | undefined;
  /** Sends pages that are older than about two seconds, so that slow runs show their progress. */
  flushOld(): Promise<void> | undefined;
  /** Sends what is left and waits until every page is committed. */
  finish(): Promise<void>;
  /** Records sent so far. */
  read(): number;
}

export interface PageWriterOptions {
  readonly cursor: RunCursor | undefined;
  readonly signal: AbortSignal;
  /** Monotonic, in milliseconds. */
  nowMs(): number;
  commitPage(page: OutgoingPage): Promise<CommittedPage>;
}

function emptyPage(page: Pick<OutgoingPage, 'sequence' | 'model' | 'cursor'>): OutgoingPage {
  return {
    partition: '',
    records: [],
    deletedIds: [],
    deletedObservedMs: 0,
    quarantined: [],
    settledQuarantine: [],
    ...page,
  };
}

interface OpenPage {
  readonly records: Map<string, OutgoingRecord>;
  readonly removedIds: Set<string>;
  jsonLength: number;
}

/**
 * Gathers records into pages, one open page a model. All open pages go out together and the last of them carries the
 * cursor: a cursor must cover no record that is still waiting in another model's page.
 */
export function createPageWriter({ cursor, signal, nowMs, commitPage }: PageWriterOptions): PageWriter {
  let open = new Map<string, OpenPage>();
  let openedAtMs = 0;
  let sequence = 0;
  let read = 0;
  let lastModel = '';
  let failure: { error: unknown } | undefined;
  const inFlight = new Set<Promise<void>>();

  const openPage = (model: string): OpenPage => {
    const existing = open.get(model);
    if (existing) return existing;
    if (open.size === 0) openedAtMs = nowMs();
    const page: OpenPage = { records: new Map(), removedIds: new Set(), jsonLength: 0 };
    open.set(model, page);
    return page;
  };

  const throwIfFailed = (): void => {
    signal.throwIfAborted();
    if (failure) throw failure.error;
  };

  const send = async (page: OutgoingPage): Promise<void> => {
    while (inFlight.size >= pageLimits.inFlight) await Promise.race(inFlight);
    throwIfFailed();
    read += page.records.length;
    lastModel = page.model;
    const commit: Promise<void> = commitPage(page)
      .then(() => undefined)
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => inFlight.delete(commit));
    inFlight.add(commit);
  };

  const flush = async (): Promise<void> => {
    const pages = [...open];
    open = new Map();
    const pageCursor = cursor?.takeForPage();
    for (const [index, [model, { records, removedIds }]] of pages.entries()) {
      sequence += 1;
      const isLast = index === pages.length - 1;
      await send({
        sequence,
        model,
        records: [...records.values()],
        partition: '',
        deletedIds: [...removedIds],
        deletedObservedMs: Date.now(),
        quarantined: [],
        settledQuarantine: [],
        ...(isLast && pageCursor !== undefined ? { cursor: pageCursor } : {}),
      });
    }
    // Back-pressure: a full window makes save() wait, so a fast script cannot pile up pages in memory.
    while (inFlight.size >= pageLimits.inFlight) await Promise.race(inFlight);
    throwIfFailed();
  };

  return {
    save(model, { id, hash, json, value }) {
      const page = openPage(model);
      page.removedIds.delete(id);
      page.jsonLength += json.length - (page.records.get(id)?.json.length ?? 0);
      page.records.set(id, { id, hash, json, observedMs: Date.now() });
      cursor?.see(value);
      return page.records.size >= pageLimits.records || page.jsonLength >= pageLimits.jsonLength ? flush() : undefined;
    },
    remove(model, id) {
      const page = openPage(model);
      page.jsonLength -= page.records.get(id)?.json.length ?? 0;
      page.records.delete(id);
      page.removedIds.add(id);
      return page.removedIds.size >= pageLimits.records ? flush() : undefined;
    },
    flushOld() {
      return open.size > 0 && nowMs() - openedAtMs >= pageLimits.ageMs ? flush() : undefined;
    },
    read: () => read,
    async finish() {
      if (open.size > 0) await flush();
      const atEnd = cursor?.takeAtEnd();
      if (atEnd !== undefined) await send(emptyPage({ sequence: (sequence += 1), model: lastModel, cursor: atEnd }));
      await Promise.all(inFlight);
      throwIfFailed();
    },
  };
}
