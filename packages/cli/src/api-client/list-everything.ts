import type { Page } from '@tenon/runtime/contract';
import type { PageRequest } from './call-limits.ts';

/** Reads a list to its end, page after page. */
export async function listEverything<Item>(
  read: (page: PageRequest) => Promise<Page<Item>>,
  signal: AbortSignal,
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const page = await read({ cursor, limit: 1_000, signal });
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return items;
}
