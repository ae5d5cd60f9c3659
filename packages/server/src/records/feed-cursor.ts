import { TenonError } from '@tenon/runtime/errors';

/**
 * A reader's place in the feed of one dataset.
 * `position`: it has everything up to here. `base`: where it stood when it last reached the end of the feed; what was
 * added after that is `added` to it, even when it changed again while the reader was on its way through the pages.
 */
export interface FeedPlace {
  readonly datasetId: number;
  readonly position: number;
  readonly base: number;
}

/** Makes the opaque cursor that the API gives out. */
export function encodeFeedCursor({ datasetId, position, base }: FeedPlace): string {
  return Buffer.from([datasetId, position, base].map((part) => part.toString(36)).join('.')).toString('base64url');
}

/**
 * Reads a cursor that came back; undefined is the beginning.
 * @throws TenonError `request_invalid` when it is none, or belongs to another dataset
 */
export function decodeFeedCursor(cursor: string | undefined, datasetId: number): FeedPlace {
  if (cursor === undefined) return { datasetId, position: 0, base: 0 };
  const parts = Buffer.from(cursor, 'base64url').toString().split('.');
  const [dataset, position, base] = parts.map((part) => Number.parseInt(part, 36));
  const isPlace =
    parts.length === 3 &&
    dataset === datasetId &&
    position !== undefined &&
    base !== undefined &&
    position >= base &&
    base >= 0;
  // Encoding it again refuses what parseInt lets through, such as "12junk".
  if (!isPlace || encodeFeedCursor({ datasetId, position, base }) !== cursor) {
    throw new TenonError('request_invalid', 'The cursor is not one that this list gave out.', {
      hint: 'Pass nextCursor of an earlier page of the same connection and model, or leave the cursor out to start over.',
      details: { path: 'cursor' },
    });
  }
  return { datasetId, position, base };
}
