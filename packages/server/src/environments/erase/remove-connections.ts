import { sql } from 'kysely';
import type { EraseStep } from './erase-step.ts';

/**
 * Connections with what is left of them: datasets, syncs and what these remember. Their tokens are not ended at the
 * provider: some end every token that the customer gave to the app, those of the parent's connection among them.
 */
export const removeConnections: EraseStep['removeBatch'] = async (database, { environmentId, limit }) => {
  const { numAffectedRows = 0n } = await sql`
    delete from connections where id in (
      select id from connections where environment_id = ${environmentId} order by id limit ${limit}::int
    )`.execute(database);
  return Number(numAffectedRows);
};
