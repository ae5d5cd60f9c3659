import { TenonError } from '@tenon/runtime/errors';

/** The cursor of a list that is ordered by ids of records, which may hold anything. */
export function encodeTextCursor(text: string): string {
  return Buffer.from(text).toString('base64url');
}

/** @throws TenonError `request_invalid` for one that no page gave */
export function decodeTextCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const text = Buffer.from(cursor, 'base64url').toString();
  if (encodeTextCursor(text) === cursor && !text.includes('\0')) return text;
  throw new TenonError('request_invalid', 'The cursor is not one of this list.', {
    hint: "Pass a page's `nextCursor` as it came.",
  });
}
