import { TenonError } from '@tenon/runtime/errors';

/** For a cursor that no page of the list gave. */
export function cursorInvalid(cause?: unknown): TenonError {
  return new TenonError('request_invalid', 'The cursor is not one of this list.', {
    hint: "Pass a page's `nextCursor` as it came, or leave it out.",
    cause,
  });
}
