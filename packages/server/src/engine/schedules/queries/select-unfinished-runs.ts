import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import type { UnfinishedRun } from '../plan-overlap.ts';

/**
 * The unfinished live runs of syncs, in the order of their ids. A statement of its own, after the syncs were locked: it
 * sees what those who held them before have committed.
 */
export async function selectUnfinishedRuns(
  database: Kysely<Schema>,
  syncIds: ReadonlyArray<number | string>,
): Promise<Map<string, UnfinishedRun[]>> {
  const { rows } = await sql<UnfinishedRun & { sync_id: number | string }>`
    select sync_id, id, status from runs
    where sync_id = any(${syncIds}::bigint[]) and status in ('queued', 'running') and lane = 'live'
    order by id`.execute(database);
  const bySync = new Map<string, UnfinishedRun[]>();
  for (const { sync_id, ...run } of rows) {
    const runs = bySync.get(String(sync_id));
    if (runs) runs.push(run);
    else bySync.set(String(sync_id), [run]);
  }
  return bySync;
}
