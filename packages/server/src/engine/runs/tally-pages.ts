import type { PageCommitter } from './page-committer.ts';

/** A committer that knows how many records it committed. */
export interface TalliedPages extends PageCommitter {
  /** Records of this attempt: added, updated, unchanged and quarantined. */
  committed(): number;
}

/** Counts what an attempt commits, beside the run's own counts, which are of all its attempts. */
export function tallyPages(pages: PageCommitter): TalliedPages {
  let committed = 0;
  return {
    ...pages,
    async commit(page) {
      const result = await pages.commit(page);
      const { added, updated, unchanged, quarantined } = result.counts;
      committed += added + updated + unchanged + quarantined;
      return result;
    },
    committed: () => committed,
  };
}
