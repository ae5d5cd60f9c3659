import { sql } from 'kysely';
import type { RetentionRule } from '../retention-rule.ts';

/** What runs that failed had met: customers' data, which has the shortest time. */
export const removeCaptures: RetentionRule['removeBatch'] = async (database, { before, limit }) => {
  const { numAffectedRows = 0n } = await sql`
    delete from run_captures where id in (
      select id from run_captures where created_at < ${before}::timestamptz order by created_at limit ${limit}::int
    )`.execute(database);
  return Number(numAffectedRows);
};
