import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/**
 * Deletes from the old end of the log. Only its first rows are looked at, along the primary key: a log that holds
 * nothing old is not read through.
 * @returns how many went
 */
export async function deleteOldAudit(
  database: Kysely<Schema>,
  { days, limit }: { days: number; limit: number },
): Promise<number> {
  const result = await sql`
    delete from audit_log where id in (
      select id from (select id, at from audit_log order by id limit ${limit}) as oldest
      where at < now() - make_interval(days => ${days}::int)
    )`.execute(database);
  return Number(result.numAffectedRows ?? 0n);
}
