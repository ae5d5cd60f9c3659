import { sql } from 'kysely';
import type { RetentionRule } from '../retention-rule.ts';

/** Holds that were decided on; pending ones stay for as long as it takes. */
export const removeHolds: RetentionRule['removeBatch'] = async (database, { before, limit }) => {
  const { numAffectedRows = 0n } = await sql`
    delete from holds where id in (
      select id from holds where decided_at < ${before}::timestamptz order by id limit ${limit}::int
    )`.execute(database);
  return Number(numAffectedRows);
};
