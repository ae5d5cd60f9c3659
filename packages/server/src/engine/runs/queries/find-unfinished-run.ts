import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import { runColumns, type RunRow } from '../run-row.ts';

/** The queued or running run of a sync in a lane, the latest where there are several. */
export async function findUnfinishedRun(
  database: Kysely<Schema>,
  { syncId, lane }: { syncId: number | string; lane: 'live' | 'backfill' },
): Promise<RunRow | undefined> {
  const { rows } = await sql<RunRow>`
    select ${runColumns} from runs r join connections c on c.id = r.connection_id
    where r.sync_id = ${syncId} and r.status in ('queued', 'running') and r.lane = ${lane}
    order by r.id desc limit 1`.execute(database);
  return rows[0];
}
