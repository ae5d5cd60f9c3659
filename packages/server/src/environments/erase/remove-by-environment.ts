import { sql } from 'kysely';
import type { EraseStep } from './erase-step.ts';

/** Rows of a table that say whose they are. By their place in the table, so that each batch costs one pass over an index. */
export function removeByEnvironment(table: 'run_logs' | 'runs' | 'skipped_ticks' | 'webhook_events' | 'audit_log') {
  return (async (database, { environmentId, limit }) => {
    const { numAffectedRows = 0n } = await sql`
      delete from ${sql.table(table)} where ctid = any(array(
        select ctid from ${sql.table(table)} where environment_id = ${environmentId} limit ${limit}::int
      ))`.execute(database);
    return Number(numAffectedRows);
  }) satisfies EraseStep['removeBatch'];
}
