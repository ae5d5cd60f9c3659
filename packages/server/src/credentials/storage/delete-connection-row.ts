import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';
import { eventColumns, type EventRow } from './event-columns.ts';

/**
 * Removes a connection with its datasets, syncs, runs and logs (they cascade); records have no foreign key.
 * @returns it as it was; undefined when it was gone already
 */
export async function deleteConnectionRow(
  database: Kysely<Schema>,
  connectionId: number,
): Promise<EventRow | undefined> {
  const { rows } = await sql<EventRow>`
    delete from connections c where c.id = ${connectionId} returning ${eventColumns}`.execute(database);
  return rows[0];
}
