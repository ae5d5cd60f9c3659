import type { Kysely } from 'kysely';
import type { Keyring } from '../credentials/keyring.ts';
import type { Schema } from '../database/schema.ts';
import { readVariables } from '../integrations/read-variables.ts';

/** A variable of an environment: the stored one, else the server's own. @returns undefined when it is not set */
export async function readVariable(
  context: { database: Kysely<Schema>; keyring: Keyring; serverVariables: Readonly<Record<string, string>> },
  { environmentId, name }: { environmentId: number; name: string },
): Promise<string | undefined> {
  const stored = await readVariables(context, { environmentId, names: [name] });
  if (Object.hasOwn(stored, name)) return stored[name];
  return Object.hasOwn(context.serverVariables, name) ? context.serverVariables[name] : undefined;
}
