import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

export interface AuditFilter {
  readonly environmentId: number;
  readonly action?: string | undefined;
  readonly subject?: string | undefined;
  /** Times in ISO 8601; `from` itself counts, `to` does not. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly beforeId?: number | undefined;
  readonly limit: number;
}

/** Newest first: a walk back along the index of environment and id. */
export async function selectAuditLog(database: Kysely<Schema>, filter: AuditFilter) {
  let query = database
    .selectFrom('audit_log')
    .selectAll()
    .where('environment_id', '=', filter.environmentId)
    .orderBy('id', 'desc')
    .limit(filter.limit);
  if (filter.action !== undefined) query = query.where('action', '=', filter.action);
  if (filter.subject !== undefined) query = query.where('subject', '=', filter.subject);
  if (filter.from !== undefined) query = query.where('at', '>=', new Date(filter.from));
  if (filter.to !== undefined) query = query.where('at', '<', new Date(filter.to));
  if (filter.beforeId !== undefined) query = query.where('id', '<', filter.beforeId);
  return query.execute();
}

export type AuditRow = Awaited<ReturnType<typeof selectAuditLog>>[number];
