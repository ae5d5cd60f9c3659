import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** The id that the variable has, or would get: its envelope is bound to it. */
export async function reserveVariableId(
  database: Kysely<Schema>,
  { environmentId, name }: { environmentId: number; name: string },
): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    select coalesce(
      (select id from variables where environment_id = ${environmentId} and name = ${name}),
      nextval(pg_get_serial_sequence('variables', 'id'))
    ) as id`.execute(database);
  return Number(rows[0]?.id);
}
