import type { Kysely } from 'kysely';
import { TenonError } from '@tenon/runtime/errors';
import type { Deployment, Page } from '@tenon/runtime/contract';
import { cursorInvalid } from '../database/pages/cursor-invalid.ts';
import { pageOfRows } from '../database/pages/page-of-rows.ts';
import type { Schema } from '../database/schema.ts';
import { selectDeployments } from './storage/select-deployments.ts';

export interface DeploymentQuery {
  environmentId: number;
  /** The last version of the page before. */
  cursor?: string | undefined;
  limit: number;
  /** Only the one that was deployed under it. */
  externalId?: string | undefined;
}

/** @throws TenonError `request_invalid` for a cursor that this list did not give */
export async function listDeployments(database: Kysely<Schema>, query: DeploymentQuery): Promise<Page<Deployment>> {
  const before = query.cursor === undefined ? undefined : parseCursor(query.cursor);
  const rows = await selectDeployments(database, {
    environmentId: query.environmentId,
    limit: query.limit + 1,
    externalId: query.externalId,
    ...(before === undefined ? {} : { before }),
  });
  return pageOfRows(rows, { limit: query.limit, toItem: toDeployment, toCursor: ({ version }) => String(version) });
}

/** @throws TenonError `not_found` */
export async function getDeployment(
  database: Kysely<Schema>,
  { environmentId, version }: { environmentId: number; version: number },
): Promise<Deployment> {
  const [row] = await selectDeployments(database, { environmentId, version, limit: 1 });
  if (!row) throw new TenonError('not_found', `There is no version ${version} in this environment.`);
  return toDeployment(row);
}

function toDeployment(row: Awaited<ReturnType<typeof selectDeployments>>[number]): Deployment {
  return {
    version: row.version,
    active: row.version === row.active_version,
    message: row.message,
    externalId: row.external_id,
    deployedBy: row.deployed_by,
    source: row.source,
    changes: row.changes,
    functions: row.functions,
    createdAt: row.created_at.toISOString(),
  };
}

function parseCursor(cursor: string): number {
  if (/^\d{1,9}$/.test(cursor)) return Number(cursor);
  throw cursorInvalid();
}
