import type { Kysely } from 'kysely';
import { TenonError } from '@tenon/runtime/errors';
import type { Page, SyncStatus } from '@tenon/runtime/contract';
import type { Schema } from '../../../database/schema.ts';
import type { ManifestSource } from '../../../deployments/manifest-source.ts';
import { toRun } from '../../../engine/runs/run-row.ts';
import { describeSchedule } from '../../../engine/schedules/describe-schedule.ts';
import { selectSyncs, type SyncFilter } from './select-syncs.ts';

interface SyncContext {
  readonly database: Kysely<Schema>;
  readonly manifests: ManifestSource;
}

/**
 * The syncs that the active deployment declares, of each connection.
 * @throws TenonError `request_invalid` for a cursor that this list did not give
 */
export async function listSyncStatuses(
  context: SyncContext,
  query: Omit<SyncFilter, 'declared' | 'afterId'> & { readonly cursor?: string | undefined },
): Promise<Page<SyncStatus>> {
  const { cursor, limit, ...filter } = query;
  const afterId = cursor === undefined ? undefined : parseCursor(cursor);
  const declared = await findDeclared(context, query.environmentId);
  const rows = await selectSyncs(context.database, { ...filter, afterId, declared, limit: limit + 1 });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { items: page.map(toStatus), nextCursor: rows.length > limit && last ? String(last.sync_row_id) : null };
}

/** @throws TenonError `not_found` */
export async function getSyncStatus(
  context: SyncContext,
  address: { environmentId: number; integration: string; connection: string; sync: string },
): Promise<SyncStatus> {
  const declared = await findDeclared(context, address.environmentId);
  const [row] = await selectSyncs(context.database, { ...address, declared, limit: 1 });
  if (row) return toStatus(row);
  throw new TenonError(
    'not_found',
    `The connection ${address.connection} of ${address.integration} has no sync ${address.sync}.`,
    { hint: 'List the syncs with GET /v1/syncs.' },
  );
}

async function findDeclared({ manifests }: SyncContext, environmentId: number) {
  const active = await manifests.findActive(environmentId);
  return active?.manifest.functions.filter(({ kind }) => kind === 'sync') ?? [];
}

function toStatus(row: Awaited<ReturnType<typeof selectSyncs>>[number]): SyncStatus {
  return {
    integration: row.sync_integration,
    connection: row.connection_name,
    sync: row.sync,
    schedule: row.schedule && describeSchedule(row.schedule),
    paused: row.paused,
    nextRunAt: row.paused ? null : (row.next_run_at?.toISOString() ?? null),
    lastRun: row.id === null ? null : toRun(row),
  };
}

function parseCursor(cursor: string): number {
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw new TenonError('request_invalid', 'The cursor is not one of this list.', {
    hint: 'Pass nextCursor of the page before, or leave it out.',
  });
}
