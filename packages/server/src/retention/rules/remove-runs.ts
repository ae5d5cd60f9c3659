import { sql } from 'kysely';
import { smallestIdAt } from '../smallest-id-at.ts';
import type { RetentionRule } from '../retention-rule.ts';

/**
 * Finished runs, with their logs and sightings. The last run of each sync stays, because lists of syncs show it, and so
 * does one whose deletions are still held. Ids sort by time of creation, so that the primary key is the index.
 */
export const removeRuns: RetentionRule['removeBatch'] = async (database, { before, limit }) => {
  const { numAffectedRows = 0n } = await sql`
    delete from runs where id in (
      select id from runs
      where id < ${smallestIdAt(before.getTime())}::uuid and finished_at < ${before}::timestamptz
        and not exists (select from syncs where syncs.id = runs.sync_id and syncs.last_run_id = runs.id)
        and not exists (select from holds where holds.run_id = runs.id and holds.status = 'pending')
      order by id limit ${limit}::int
    )`.execute(database);
  return Number(numAffectedRows);
};
