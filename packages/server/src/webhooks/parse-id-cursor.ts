import { TenonError } from '@tenon/runtime/errors';

/** @throws TenonError `request_invalid` for a cursor that no list of ids gave */
export function parseIdCursor(cursor: string): number {
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw new TenonError('request_invalid', 'The cursor is not one of this list.', {
    hint: 'Pass nextCursor of the page before, or leave it out.',
  });
}
