import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Page, RecordDifference } from '@tenon/runtime/contract';
import { pageOfRows } from '../../database/pages/page-of-rows.ts';
import type { Schema } from '../../database/schema.ts';
import { decodePlaceCursor, encodePlaceCursor } from '../../database/pages/place-cursor.ts';
import { toDifference } from './difference-row.ts';
import { selectRunChanges } from './queries/select-run-changes.ts';

const count = z.number().int().nonnegative();
const datasetAndPosition = z.tuple([count, count]);

/**
 * What a run changed: each record before the run and after it.
 * @throws TenonError `request_invalid` for a cursor that no page gave
 */
export async function listRunChanges(
  database: Kysely<Schema>,
  options: { runId: string; cursor?: string | undefined; limit: number },
): Promise<Page<RecordDifference>> {
  const { runId, limit } = options;
  const [datasetId, position] =
    options.cursor === undefined ? [0, 0] : decodePlaceCursor(options.cursor, datasetAndPosition);
  const after = { datasetId, position };
  const rows = await selectRunChanges(database, { runId, after, limit: limit + 1 });
  return pageOfRows(rows, {
    limit,
    toItem: toDifference,
    toCursor: (last) => encodePlaceCursor([last.dataset_id, last.position]),
  });
}
