import { z } from 'zod';

/** Limits of every list. */
export const pageLimits = { default: 100, max: 1_000 } as const;

/** Query parameters of every list. */
export const pageQuerySchema = z.object({
  cursor: z.string().optional().describe('`nextCursor` of the page before; absent: from the start.'),
  limit: z.coerce.number().int().min(1).max(pageLimits.max).default(pageLimits.default),
});

/** Answer of every list: `nextCursor` is null on the last page. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}
