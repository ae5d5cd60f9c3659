import { sql } from 'kysely';
import type { RetentionRule } from '../retention-rule.ts';

/** Only the log's first rows are looked at, along the primary key: one that holds nothing old is not read through. */
export const removeAuditLog: RetentionRule['removeBatch'] = async (database, { before, limit }) => {
  const { numAffectedRows = 0n } = await sql`
    delete from audit_log where id in (
      select id from (select id, at from audit_log order by id limit ${limit}::int) oldest
      where at < ${before}::timestamptz
    )`.execute(database);
  return Number(numAffectedRows);
};
