import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** The latest run that changed a dataset, if it is still kept. */
export async function findLastWriter(database: Kysely<Schema>, datasetId: number): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    select r.id from run_writes w join runs r on r.id = w.run_id
    where w.dataset_id = ${datasetId} order by w.from_position desc limit 1`.execute(database);
  return rows[0]?.id;
}
