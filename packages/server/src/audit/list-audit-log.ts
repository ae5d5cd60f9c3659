import type { AuditEntry, Page } from '@tenon/runtime/contract';
import type { Kysely } from 'kysely';
import { parseIdCursor } from '../database/pages/parse-id-cursor.ts';
import { pageOfRows } from '../database/pages/page-of-rows.ts';
import type { Schema } from '../database/schema.ts';
import { selectAuditLog, type AuditFilter, type AuditRow } from './queries/select-audit-log.ts';

/**
 * Newest first.
 * @throws TenonError `request_invalid` for a cursor that this list did not give
 */
export async function listAuditLog(
  database: Kysely<Schema>,
  { cursor, limit, ...filter }: Omit<AuditFilter, 'beforeId'> & { cursor?: string | undefined },
): Promise<Page<AuditEntry>> {
  const rows = await selectAuditLog(database, { ...filter, beforeId: parseIdCursor(cursor), limit: limit + 1 });
  return pageOfRows(rows, { limit, toItem: toEntry, toCursor: ({ id }) => String(id) });
}

function toEntry(row: AuditRow): AuditEntry {
  return {
    id: row.id,
    at: row.at.toISOString(),
    actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
    action: row.action,
    subject: row.subject,
    details: row.details,
    address: row.address,
    requestId: row.request_id,
  };
}
