import type { Airbag } from '@tenon/runtime/contract';

/** Whether so many deletions of one run are too many to happen unseen. */
export function exceedsAirbag(
  airbag: Airbag | null,
  { deletions, live }: { deletions: number; /** Before the first of them. */ live: number },
): boolean {
  return airbag !== null && deletions >= airbag.atLeast && deletions > airbag.share * live;
}
