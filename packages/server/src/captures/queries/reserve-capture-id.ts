import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** The id that a capture is going to have: its envelope is bound to it. */
export async function reserveCaptureId(database: Kysely<Schema>): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    select nextval(pg_get_serial_sequence('run_captures', 'id')) as id`.execute(database);
  return Number(rows[0]?.id);
}
