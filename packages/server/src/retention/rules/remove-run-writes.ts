import { sql } from 'kysely';
import type { RetentionRule } from '../retention-rule.ts';

/** Which run wrote what, which is of use for as long as the versions are. A row a page: it is walked through whole. */
export const removeRunWrites: RetentionRule['removeBatch'] = async (database, { before, limit }) => {
  const { numAffectedRows = 0n } = await sql`
    delete from run_writes where ctid = any(array(
      select ctid from run_writes where written_at < ${before}::timestamptz limit ${limit}::int
    ))`.execute(database);
  return Number(numAffectedRows);
};
