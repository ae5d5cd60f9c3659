import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import { runColumns, type RunRow } from '../run-row.ts';

export async function selectRun(
  database: Kysely<Schema>,
  { environmentId, runId }: { environmentId: number; runId: string },
): Promise<RunRow | undefined> {
  const { rows } = await sql<RunRow>`
    select ${runColumns} from runs r join connections c on c.id = r.connection_id
    where r.id = ${runId} and r.environment_id = ${environmentId}`.execute(database);
  return rows[0];
}
