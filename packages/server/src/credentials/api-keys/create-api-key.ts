import type { Kysely } from 'kysely';
import { TenonError } from '@tenon/runtime/errors';
import type { ApiScope, CreatedApiKey } from '@tenon/runtime/contract';
import type { Schema } from '../../database/schema.ts';
import type { ApiKeyOwner } from './find-api-key.ts';
import { generateApiKey } from './generate-api-key.ts';
import { hashSecret } from '../random-secret.ts';
import { insertApiKey } from './queries/insert-api-key.ts';
import { selectApiKeys } from './queries/select-api-keys.ts';
import { requireScopes } from './require-scopes.ts';
import { shownCharacters } from './shown-characters.ts';
import { toApiKey } from './to-api-key.ts';

/**
 * Makes a key of the caller's environment, which ends with the caller's own at the latest: else whoever has a key for a
 * day had one for ever. The answer is the only place where it can be read.
 * @throws TenonError `forbidden` for scopes that the caller does not have
 */
export async function createApiKey(
  database: Kysely<Schema>,
  request: { caller: ApiKeyOwner; name: string; scopes: readonly ApiScope[]; expiresInDays?: number | undefined },
): Promise<CreatedApiKey> {
  const { caller, name, expiresInDays } = request;
  const scopes = [...new Set(request.scopes)];
  requireScopes(caller, scopes);
  const key = generateApiKey();
  const { environmentId } = caller;
  const row = { environmentId, name, prefix: key.slice(0, shownCharacters), hash: hashSecret(key), scopes };
  const keyId = await insertApiKey(database, { ...row, expiresInDays, endsBefore: caller.expiresAt });
  const [made] = await selectApiKeys(database, { environmentId, keyId, limit: 1 });
  if (!made) throw new TenonError('not_found', 'The API key is gone already.');
  return { ...toApiKey(made), key };
}
