import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

export interface NewVariableRow {
  readonly id: number;
  readonly environmentId: number;
  readonly name: string;
  readonly value: Buffer;
}

/** @returns when it was stored; undefined: the name belongs to a row with another id by now */
export async function upsertVariable(database: Kysely<Schema>, row: NewVariableRow): Promise<Date | undefined> {
  const { rows } = await sql<{ updated_at: Date }>`
    insert into variables (id, environment_id, name, value)
    overriding system value
    values (${row.id}, ${row.environmentId}, ${row.name}, ${row.value})
    on conflict (environment_id, name) do update set value = excluded.value, updated_at = now()
    where variables.id = excluded.id
    returning updated_at`.execute(database);
  return rows[0]?.updated_at;
}
