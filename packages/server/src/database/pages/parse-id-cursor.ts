import { cursorInvalid } from './cursor-invalid.ts';

/**
 * The cursor of a list that is ordered by id.
 * @throws TenonError `request_invalid` for one that such a list did not give
 */
export function parseIdCursor(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw cursorInvalid();
}
