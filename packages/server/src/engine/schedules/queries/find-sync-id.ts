import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import type { SyncAddress } from '../sync-address.ts';

export async function findSyncId(
  database: Kysely<Schema>,
  { environmentId, integration, connection, sync }: SyncAddress,
): Promise<number | string | undefined> {
  const { rows } = await sql<{ id: number | string }>`
    select s.id from syncs s join connections c on c.id = s.connection_id
    where c.environment_id = ${environmentId} and c.integration = ${integration} and c.name = ${connection}
      and s.sync = ${sync}`.execute(database);
  return rows[0]?.id;
}
