import { sql } from 'kysely';
import type { EraseStep } from './erase-step.ts';

/** Rows of the tables that know datasets only, one dataset at a time: their keys begin with it. */
export function removeByDataset(table: 'records' | 'record_versions' | 'run_writes' | 'quarantine') {
  return (async (database, { environmentId, limit }) => {
    const { numAffectedRows = 0n } = await sql`
      delete from ${sql.table(table)} where ctid = any(array(
        select r.ctid from datasets d join connections c on c.id = d.connection_id
          cross join lateral (select ctid from ${sql.table(table)} where dataset_id = d.id limit ${limit}::int) r
        where c.environment_id = ${environmentId} limit ${limit}::int
      ))`.execute(database);
    return Number(numAffectedRows);
  }) satisfies EraseStep['removeBatch'];
}
