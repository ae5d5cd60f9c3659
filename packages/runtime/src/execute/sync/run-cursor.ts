import type { SyncManifest } from '../../contract/manifest.ts';
import { compareCursors, type CursorValue } from './compare-cursors.ts';

export interface RunCursor {
  readonly field: string;
  /** Takes note of the value of a saved record. */
  see(value: CursorValue): void;
  /** The cursor to commit with a page that ends the records seen so far; undefined: leave it. */
  takeForPage(): CursorValue | null | undefined;
  /** The cursor to commit when the run has succeeded; undefined: leave it. */
  takeAtEnd(): CursorValue | undefined;
  /** The largest value seen so far. */
  largest(): CursorValue | undefined;
}

export interface RunCursorOptions {
  readonly options: NonNullable<SyncManifest['cursor']>;
  /** Where this run started; the cursor never moves back behind it. */
  readonly start: CursorValue | undefined;
  /** What an interrupted attempt of this run had seen. */
  readonly seenBefore?: CursorValue | undefined;
  /** Unix time in milliseconds, before the first page was asked for. Default: unknown. */
  readonly beganMs?: number | undefined;
  /** Called once when `ascending` turns out to be wrong; from there on the cursor waits for the run's end. */
  onOutOfOrder(): void;
}

/**
 * The cursor of a run: the largest value of the cursor's field, less the lag. With `ascending` it goes with every page,
 * because nothing older than a page can come after it; as soon as something older does come, committing on would
 * skip records if the run died, so the cursor goes back to where the run started, and the rest is treated as
 * `unordered`.
 *
 * Unless the order is ascending, a time stops where the reading began: what changed since may stand on a page that was
 * read before, and something newer on a later page would lead past it.
 */
export function createRunCursor({ options, start, seenBefore, beganMs, onOutOfOrder }: RunCursorOptions): RunCursor {
  let largest = seenBefore;
  let newest: CursorValue | undefined;
  let committed = start;
  let isAscending = options.order === 'ascending';
  let mustGoBack = false;

  const take = (): CursorValue | undefined => {
    if (largest === undefined) return undefined;
    const cursor = subtractLag(isAscending ? largest : notAfter(largest, beganMs), options.lagMs);
    if (committed !== undefined && compareCursors(cursor, committed) <= 0) return undefined;
    committed = cursor;
    mustGoBack = false;
    return cursor;
  };

  const goBack = (): CursorValue | null => {
    mustGoBack = false;
    committed = start;
    return start ?? null;
  };

  return {
    field: options.field,
    see(value) {
      if (largest === undefined || compareCursors(value, largest) > 0) largest = value;
      const order = newest === undefined ? 1 : compareCursors(value, newest);
      if (order > 0) newest = value;
      else if (order < 0 && isAscending) {
        isAscending = false;
        mustGoBack = committed !== start;
        onOutOfOrder();
      }
    },
    takeForPage: () => {
      if (isAscending) return take();
      return mustGoBack ? goBack() : undefined;
    },
    takeAtEnd: take,
    largest: () => largest,
  };
}

const timeWithZone = /^\d{4}-\d\d-\d\dT\d\d:\d\d.*(?:Z|[+-]\d\d:?\d\d)$/;

/** A value that can be a cursor. */
export function readCursorValue(value: unknown): CursorValue | undefined {
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
  return undefined;
}

/** A time, at most the given one, written as it was. */
function notAfter(value: CursorValue, limitMs = Infinity): CursorValue {
  if (typeof value !== 'string' || !timeWithZone.test(value) || Date.parse(value) <= limitMs) return value;
  const limit = new Date(limitMs).toISOString();
  return value.includes('.') ? limit : limit.replace(/\.\d+/, '');
}

/** Only times can lag: numbers and other texts have no distance in milliseconds. */
function subtractLag(value: CursorValue, lagMs: number): CursorValue {
  if (lagMs === 0 || typeof value === 'number') return value;
  const time = Date.parse(value);
  return Number.isNaN(time) ? value : new Date(time - lagMs).toISOString();
}
