import { sql, type Kysely } from 'kysely';
import { decrypt } from '../credentials/envelope.ts';
import type { Keyring } from '../credentials/keyring.ts';
import type { Schema } from '../database/schema.ts';

/** The values of those variables that are stored; in a preview, its parent's too where it has none of its own. */
export async function readVariables(
  { database, keyring }: { database: Kysely<Schema>; keyring: Keyring },
  { environmentId, names }: { environmentId: number; names: readonly string[] },
): Promise<Record<string, string>> {
  if (names.length === 0) return {};
  const { rows } = await sql<{ id: number; name: string; value: Buffer }>`
    select distinct on (v.name) v.id, v.name, v.value
    from environments e join variables v on v.environment_id in (e.id, e.parent_id)
    where e.id = ${environmentId} and v.name = any(${[...names]}::text[])
    order by v.name, v.environment_id = e.id desc`.execute(database);
  const values: Record<string, string> = {};
  for (const { id, name, value } of rows) {
    values[name] = await decrypt(value, { keyring, place: { table: 'variables', column: 'value', row: id } });
  }
  return values;
}
