import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** The next attempt's row id, known before the row: what is pending is bound to it when it is encrypted. */
export async function reserveAttemptRow(database: Kysely<Schema>): Promise<number> {
  const result = await sql<{ id: string }>`
    select nextval(pg_get_serial_sequence('connect_attempts', 'row_id')) as id`.execute(database);
  return Number(result.rows[0]?.id);
}
