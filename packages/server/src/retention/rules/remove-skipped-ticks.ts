import { sql } from 'kysely';
import type { RetentionRule } from '../retention-rule.ts';

/** Ids grow with time, as those of logs do. */
export const removeSkippedTicks: RetentionRule['removeBatch'] = async (database, { before, limit }) => {
  const { numAffectedRows = 0n } = await sql`
    delete from skipped_ticks where id in (
      select id from (select id, until_at from skipped_ticks order by id limit ${limit}::int) oldest
      where until_at < ${before}::timestamptz
    )`.execute(database);
  return Number(numAffectedRows);
};
