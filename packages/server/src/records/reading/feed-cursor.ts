import { TenonError } from '@tenon/runtime/errors';

/**
 * A reader's place in the feed of one dataset.
 * `position`: it has everything up to here. `base`: where it stood when it last reached the end of the feed; what was
 * added after that is `added` to it, even when it changed again while the reader was on its way through the pages.
 * `floor`: up to where deletions had been removed by retention already when it set out from the start; it never knew
 * those records, so that it need not start over because of them. 0 once it is past them.
 */
export interface FeedPlace {
  readonly datasetId: number;
  readonly position: number;
  readonly base: number;
  readonly floor: number;
}

/** Makes the opaque cursor that the API gives out. */
export function encodeFeedCursor({ datasetId, position, base, floor }: FeedPlace): string {
  const parts = [datasetId, position, base, ...(floor > position ? [floor] : [])];
  return Buffer.from(parts.map((part) => part.toString(36)).join('.')).toString('base64url');
}

/**
 * Reads a cursor that came back; undefined is the beginning.
 * @throws TenonError `request_invalid` when it is none, or belongs to another dataset
 */
export function decodeFeedCursor(cursor: string | undefined, datasetId: number): FeedPlace {
  if (cursor === undefined) return { datasetId, position: 0, base: 0, floor: 0 };
  const parts = Buffer.from(cursor, 'base64url').toString().split('.');
  const [dataset, position, base, floor = 0] = parts.map((part) => Number.parseInt(part, 36));
  const isPlace =
    dataset === datasetId && position !== undefined && base !== undefined && position >= base && base >= 0;
  // Encoding it again refuses what parseInt lets through, such as "12junk".
  if (!isPlace || encodeFeedCursor({ datasetId, position, base, floor }) !== cursor) {
    throw new TenonError('request_invalid', 'The cursor is not one that this list gave out.', {
      hint: 'Pass nextCursor of an earlier page of the same connection and model, or leave the cursor out to start over.',
      details: { path: 'cursor' },
    });
  }
  return { datasetId, position, base, floor };
}
