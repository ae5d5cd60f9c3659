import type { Kysely } from 'kysely';
import { decrypt } from '../credentials/envelope.ts';
import type { Keyring } from '../credentials/keyring.ts';
import type { Schema } from '../database/schema.ts';

/** The values of those variables that are stored. */
export async function readVariables(
  { database, keyring }: { database: Kysely<Schema>; keyring: Keyring },
  { environmentId, names }: { environmentId: number; names: readonly string[] },
): Promise<Record<string, string>> {
  if (names.length === 0) return {};
  const rows = await database
    .selectFrom('variables')
    .select(['id', 'name', 'value'])
    .where('environment_id', '=', environmentId)
    .where('name', 'in', names)
    .execute();
  const values: Record<string, string> = {};
  for (const { id, name, value } of rows) {
    values[name] = await decrypt(value, { keyring, place: { table: 'variables', column: 'value', row: id } });
  }
  return values;
}
