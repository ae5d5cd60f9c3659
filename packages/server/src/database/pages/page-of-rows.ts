import type { Page } from '@tenon/runtime/contract';

/**
 * A page of a list.
 * @param rows one more than the page holds were asked for, to know whether there is a next one
 * @param options.toCursor of the page's last row: where the next page goes on
 */
export function pageOfRows<Row, Item>(
  rows: readonly Row[],
  options: { limit: number; toItem: (row: Row, index: number) => Item; toCursor: (last: Row) => string },
): Page<Item> {
  const { limit, toItem, toCursor } = options;
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map((row, index) => toItem(row, index)),
    nextCursor: last !== undefined && rows.length > limit ? toCursor(last) : null,
  };
}
