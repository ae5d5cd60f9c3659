import type { Kysely } from 'kysely';
import { TenonError } from '@tenon/runtime/errors';
import type { Schema } from '../../database/schema.ts';
import type { ApiKeyDirectory } from './api-key-directory.ts';
import type { ApiKeyOwner } from './find-api-key.ts';
import { revokeApiKeyRow } from './queries/revoke-api-key-row.ts';
import { selectApiKeys } from './queries/select-api-keys.ts';
import { requireScopes } from './require-scopes.ts';

/**
 * Revokes a key of the caller's environment: at once here, and as soon as they hear of it on the other servers.
 * Revoking it again changes nothing.
 * @throws TenonError `not_found`; `forbidden` for a key with scopes that the caller does not have; `conflict` for the
 * key that the server is configured with, which would be good again at its next start
 */
export async function revokeApiKey(
  { database, directory }: { database: Kysely<Schema>; directory: ApiKeyDirectory },
  { caller, keyId }: { caller: ApiKeyOwner; keyId: number },
): Promise<void> {
  const [row] = await selectApiKeys(database, { environmentId: caller.environmentId, keyId, limit: 1 });
  if (!row)
    throw new TenonError('not_found', `There is no API key ${keyId}.`, { hint: 'List them with `tenon keys list`.' });
  requireScopes(caller, row.scopes);
  if (row.configured && row.revoked_at === null) {
    throw new TenonError('conflict', `The API key ${keyId} is the one that the server is configured with.`, {
      hint: 'Start the server with another TENON_API_KEY (or without the file api-key of its data directory): that revokes this one.',
    });
  }
  await revokeApiKeyRow(database, keyId);
  directory.forget(keyId);
}
