import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Page, RecordDifference } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import { pageOfRows } from '../../database/pages/page-of-rows.ts';
import type { Schema } from '../../database/schema.ts';
import { decodePlaceCursor, encodePlaceCursor, placeText } from '../../database/pages/place-cursor.ts';
import { toDifference, type DifferenceRow } from './difference-row.ts';
import { selectDifferences } from './queries/select-differences.ts';
import { selectRunEnds } from './queries/select-run-ends.ts';

const datasetAndId = z.tuple([z.number().int().nonnegative(), placeText]);

interface ComparedRun {
  readonly id: string;
  readonly sync_id: number | null;
  readonly connection_id: number;
}

/**
 * How the records differ between the end of one run and that of another of the same sync: `before` is the first
 * one's, whichever is the earlier.
 * @throws TenonError `request_invalid` for runs of different syncs, and for a cursor that no page gave
 */
export async function listRunDifferences(
  database: Kysely<Schema>,
  options: { run: ComparedRun; other: ComparedRun; cursor?: string | undefined; limit: number },
): Promise<Page<RecordDifference>> {
  const { run, other, limit } = options;
  if (run.sync_id === null || run.sync_id !== other.sync_id) {
    throw new TenonError('request_invalid', 'The two runs are not of the same sync of the same connection.', {
      hint: 'List the runs of one sync with `tenon runs list --function <sync> --connection <id>`.',
    });
  }
  const [fromDataset, afterId] =
    options.cursor === undefined ? [0, undefined] : decodePlaceCursor(options.cursor, datasetAndId);
  const connectionId = run.connection_id;
  const ends = await selectRunEnds(database, { runId: other.id, connectionId });
  const rows: DifferenceRow[] = [];
  for (const begin of await selectRunEnds(database, { runId: run.id, connectionId })) {
    const end = ends.find(({ dataset_id }) => dataset_id === begin.dataset_id);
    if (begin.dataset_id < fromDataset || !end || rows.length > limit) continue;
    const found = await selectDifferences(database, {
      datasetId: begin.dataset_id,
      model: begin.model,
      before: begin.position,
      after: end.position,
      afterId: begin.dataset_id === fromDataset ? afterId : undefined,
      limit: limit + 1 - rows.length,
    });
    rows.push(...found);
  }
  return pageOfRows(rows, {
    limit,
    toItem: toDifference,
    toCursor: (last) => encodePlaceCursor([last.dataset_id, last.external_id]),
  });
}
