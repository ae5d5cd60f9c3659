import { sql, type Kysely } from 'kysely';
import type { Schema } from '../database/schema.ts';

/** The environment of a name, created when it is not there; safe when two servers start together. */
export async function ensureEnvironment(database: Kysely<Schema>, name: string): Promise<number> {
  await sql`
    insert into environments (name) values (${name})
    on conflict (name) where parent_id is null and deleting_at is null do nothing`.execute(database);
  const row = await database
    .selectFrom('environments')
    .select('id')
    .where('name', '=', name)
    .where('parent_id', 'is', null)
    .where('deleting_at', 'is', null)
    .executeTakeFirstOrThrow();
  return row.id;
}
