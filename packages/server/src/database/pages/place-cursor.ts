import { z } from 'zod';
import { cursorInvalid } from './cursor-invalid.ts';

/** A text as a part of a place, such as the id of a record; Postgres refuses one with a NUL. */
export const placeText = z.string().regex(/^[^\0]*$/);

/** The cursor of a list: its reader's place, which may hold ids of records, and these may be any text. */
export function encodePlaceCursor(place: unknown): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/**
 * @param place what the places of this list look like
 * @throws TenonError `request_invalid` for a cursor that no page gave
 */
export function decodePlaceCursor<Place>(cursor: string, place: z.ZodType<Place>): Place {
  try {
    return place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch (cause) {
    throw cursorInvalid(cause);
  }
}
