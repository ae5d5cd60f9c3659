import type { PageRequest } from '../../request/page-request.ts';
import type { CursorValue } from './compare-cursors.ts';

/** Positions of the resumable paginations of a run, kept with the pages that commit what came before them. */
export interface RunProgress {
  /** Where a pagination of this key goes on; undefined: at its first page. */
  get(key: string): PageRequest | 'done' | undefined;
  set(key: string, position: PageRequest | 'done'): void;
  /** What is within a page that is done need not be remembered. */
  forget(keys: Iterable<string>): void;
  /** The largest cursor value that an interrupted attempt had seen. */
  readonly seenBefore: CursorValue | undefined;
  /** Unix time in milliseconds before the first page was asked for, by this attempt or the one that it goes on from. */
  readonly beganMs: number;
  /** What to commit with a page; nothing when nothing moved. */
  take(largest: CursorValue | undefined): { progress?: Record<string, unknown> | null };
}

/** In UTF-16 units of its JSON; the server takes twice as much. */
const maxLength = 500_000;

interface KeptProgress {
  readonly largest?: CursorValue;
  readonly beganMs?: number;
  readonly positions: Readonly<Record<string, PageRequest | 'done'>>;
}

/**
 * @param kept what an interrupted attempt of this run committed
 * @param options.startMs when this attempt began, Unix time in milliseconds
 * @param options.onTooLong called once when there is too much to keep: then a resumed run begins at the first page
 */
export function createRunProgress(
  kept: Readonly<Record<string, unknown>> | undefined,
  { startMs, onTooLong }: { startMs: number; onTooLong(): void },
): RunProgress {
  const { positions: before = {}, largest: seenBefore, beganMs = startMs } = (kept ?? {}) as Partial<KeptProgress>;
  const positions = new Map(Object.entries(before));
  let hasMoved = false;
  let isTooLong = false;
  return {
    seenBefore,
    beganMs,
    get: (key) => positions.get(key),
    set(key, position) {
      positions.set(key, position);
      hasMoved = true;
    },
    forget(keys) {
      for (const key of keys) hasMoved = positions.delete(key) || hasMoved;
    },
    take(largest) {
      if (!hasMoved || isTooLong) return {};
      hasMoved = false;
      const progress = { positions: Object.fromEntries(positions), beganMs, ...(largest !== undefined && { largest }) };
      if (JSON.stringify(progress).length <= maxLength) return { progress };
      isTooLong = true;
      onTooLong();
      return { progress: null };
    },
  };
}
