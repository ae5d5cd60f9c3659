import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** The next connection's id, known before its row: the row's secrets are bound to it when they are encrypted. */
export async function reserveConnectionId(database: Kysely<Schema>): Promise<number> {
  const result = await sql<{ id: string }>`
    select nextval(pg_get_serial_sequence('connections', 'id')) as id`.execute(database);
  return Number(result.rows[0]?.id);
}
