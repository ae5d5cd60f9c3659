import type { Overlap } from '@tenon/runtime/contract';

/** A queued or running run of the live lane. */
export interface UnfinishedRun {
  readonly id: string;
  readonly status: 'queued' | 'running';
}

export type OverlapVerdict =
  | { readonly inTheWay: string }
  | {
      readonly inTheWay?: undefined;
      readonly sideBySide: boolean;
      /** Whether it begins only when the running one has ended. */
      readonly waits: boolean;
      /** Runs to cancel. */
      readonly cancel: readonly string[];
    };

/**
 * Whether a sync may have one more run, by its policy. Whoever asks has locked the sync, so that the answer holds.
 * @param unfinished of the sync, in the order of their ids
 */
export function planOverlap(policy: Overlap, unfinished: readonly UnfinishedRun[]): OverlapVerdict {
  const latest = unfinished.at(-1);
  if (policy === 'allow') return { sideBySide: true, waits: false, cancel: [] };
  if (!latest) return { sideBySide: false, waits: false, cancel: [] };
  const queued = unfinished.find(({ status }) => status === 'queued');
  switch (policy) {
    case 'skip':
      return { inTheWay: latest.id };
    case 'queue-one':
      return queued ? { inTheWay: queued.id } : { sideBySide: false, waits: true, cancel: [] };
    case 'cancel-other': {
      const waits = unfinished.some(({ status }) => status === 'running');
      return { sideBySide: false, waits, cancel: unfinished.map(({ id }) => id) };
    }
  }
}
