import type { PageCounts } from '@tenon/runtime/execute';

/** What the next page of a dataset probably holds: nothing that is stored yet, or mostly what is stored already. */
export type PageExpectation = 'new' | 'unchanged';

export interface PageExpectations {
  get(datasetId: number): PageExpectation | undefined;
  /** Remembers what a page turned out to be. */
  learn(
    datasetId: number,
    counts: Pick<PageCounts, 'added' | 'updated' | 'unchanged'>,
    options: { wasWrong: boolean },
  ): void;
}

/** How many datasets are remembered; a forgotten one costs one page that is written without a guess. */
const rememberedDatasets = 10_000;

/** After a wrong guess, so many pages of nothing but new records come before the next one. */
const pagesOfDoubt = 10;

interface Memory {
  readonly isMostlyUnchanged: boolean;
  /** Pages of only new records in a row; below zero after a wrong guess. */
  readonly newPages: number;
}

/**
 * Expects of the next page what the last one of its dataset was: a first sync brings new records page after page, a
 * repeated one the same records again. A wrong guess costs time and changes no result.
 */
export function createPageExpectations(): PageExpectations {
  const memories = new Map<number, Memory>();
  return {
    get(datasetId) {
      const memory = memories.get(datasetId);
      if (memory?.isMostlyUnchanged === true) return 'unchanged';
      return memory !== undefined && memory.newPages > 0 ? 'new' : undefined;
    },
    learn(datasetId, { added, updated, unchanged }, { wasWrong }) {
      const before = memories.get(datasetId)?.newPages ?? 0;
      // Taken out first, so that the map is in the order of use.
      memories.delete(datasetId);
      const total = added + updated + unchanged;
      memories.set(datasetId, {
        isMostlyUnchanged: unchanged * 2 > total,
        newPages: wasWrong ? -pagesOfDoubt : added === total ? before + 1 : Math.min(before, 0),
      });
      const [oldest] = memories.keys();
      if (memories.size > rememberedDatasets && oldest !== undefined) memories.delete(oldest);
    },
  };
}
