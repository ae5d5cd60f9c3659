import { z } from 'zod';
import { TenonError } from '@tenon/runtime/errors';

/** A dataset, and a position or the id of a record in it. */
export type HistoryPlace<At extends string | number> = readonly [datasetId: number, at: At];

export function encodeHistoryCursor(place: HistoryPlace<string | number>): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/**
 * @param start where a list without a cursor begins; the cursor has to be of its kind
 * @throws TenonError `request_invalid` for what is not a cursor
 */
export function decodeHistoryCursor<At extends string | number>(
  cursor: string | undefined,
  start: HistoryPlace<At>,
): HistoryPlace<string | number> {
  if (cursor === undefined) return start;
  const id = z.number().int().nonnegative();
  const at = typeof start[1] === 'number' ? id : z.string().regex(/^[^\0]*$/);
  try {
    return z.tuple([id, at]).parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch (cause) {
    throw new TenonError('request_invalid', 'The cursor is not one of this list.', {
      hint: "Pass a page's `nextCursor` as it came.",
      cause,
    });
  }
}
