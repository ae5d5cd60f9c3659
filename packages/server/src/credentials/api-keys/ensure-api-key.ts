import { sql, type Kysely } from 'kysely';
import { TenonError } from '@tenon/runtime/errors';
import type { Schema } from '../../database/schema.ts';
import { hashSecret } from '../random-secret.ts';
import { shownCharacters } from './shown-characters.ts';

/**
 * Makes a key known, once.
 * @throws TenonError `server_config_invalid` when it is a key of another environment
 */
export async function ensureApiKey(
  database: Kysely<Schema>,
  { environmentId, key, name }: { environmentId: number; key: string; name: string },
): Promise<void> {
  const hash = hashSecret(key);
  await sql`
    insert into api_keys (environment_id, name, prefix, hash)
    values (${environmentId}, ${name}, ${key.slice(0, shownCharacters)}, ${hash})
    on conflict (hash) do nothing`.execute(database);
  const owner = await database
    .selectFrom('api_keys')
    .select('environment_id')
    .where('hash', '=', hash)
    .executeTakeFirstOrThrow();
  if (owner.environment_id === environmentId) return;
  throw new TenonError('server_config_invalid', 'The first API key belongs to another environment already.', {
    hint: 'Give TENON_API_KEY a value of its own for each TENON_ENVIRONMENT.',
  });
}
