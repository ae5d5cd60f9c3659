import { sql } from 'kysely';
import type { RetentionRule } from '../retention-rule.ts';

/** Ids grow with time, so that only the lowest are looked at, without an index of times. */
export const removeLogs: RetentionRule['removeBatch'] = async (database, { before, limit }) => {
  const { numAffectedRows = 0n } = await sql`
    delete from run_logs where id in (
      select id from (select id, at from run_logs order by id limit ${limit}::int) oldest
      where at < ${before}::timestamptz
    )`.execute(database);
  return Number(numAffectedRows);
};
