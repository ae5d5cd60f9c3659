import { sql } from 'kysely';
import type { RetentionRule } from '../retention-rule.ts';

/** Earlier versions of records. Their index of times is a BRIN, which only bitmap scans read; sessions avoid those. */
export const removeVersions: RetentionRule['removeBatch'] = (database, { before, limit }) =>
  database.transaction().execute(async (transaction) => {
    await sql`set local enable_bitmapscan = on`.execute(transaction);
    const { numAffectedRows = 0n } = await sql`
      delete from record_versions where ctid = any(array(
        select ctid from record_versions where replaced_at < ${before}::timestamptz limit ${limit}::int
      ))`.execute(transaction);
    return Number(numAffectedRows);
  });
