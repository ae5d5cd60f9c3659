import type { Kysely } from 'kysely';
import type { Page, Quarantined } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import { parseIdCursor } from '../../database/pages/parse-id-cursor.ts';
import { pageOfRows } from '../../database/pages/page-of-rows.ts';
import type { Schema } from '../../database/schema.ts';
import { selectQuarantined, type QuarantinedRow, type QuarantineFilter } from './queries/select-quarantined.ts';

/** Newest first. @throws TenonError `request_invalid` for a cursor that no page gave */
export async function listQuarantine(
  database: Kysely<Schema>,
  { cursor, ...filter }: Omit<QuarantineFilter, 'id' | 'beforeId'> & { cursor?: string | undefined },
): Promise<Page<Quarantined>> {
  const { limit } = filter;
  const rows = await selectQuarantined(database, { ...filter, beforeId: parseIdCursor(cursor), limit: limit + 1 });
  return pageOfRows(rows, { limit, toItem: toQuarantined, toCursor: ({ id }) => String(id) });
}

/** @throws TenonError `not_found` */
export async function getQuarantined(
  database: Kysely<Schema>,
  { environmentId, id }: { environmentId: number; id: number },
): Promise<Quarantined> {
  const [row] = await selectQuarantined(database, { environmentId, id, limit: 1 });
  if (row) return toQuarantined(row);
  throw quarantinedMissing(id);
}

export function quarantinedMissing(id: number): TenonError {
  return new TenonError('not_found', `There is no quarantined record ${id} in this environment.`, {
    hint: 'List them with `tenon records quarantine` (GET /v1/quarantine); one that was settled since is gone.',
  });
}

function toQuarantined(row: QuarantinedRow): Quarantined {
  return {
    id: row.id,
    integration: row.integration,
    connection: row.connection,
    sync: row.sync,
    model: row.model,
    recordId: row.external_id,
    data: row.data,
    problems: row.problems,
    runId: row.run_id,
    createdAt: row.created_at.toISOString(),
  };
}
