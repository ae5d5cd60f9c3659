import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';
import { ensureApiKey } from './ensure-api-key.ts';
import { hashSecret } from '../random-secret.ts';
import { claimConfiguredKey } from './queries/claim-configured-key.ts';

/**
 * Makes TENON_API_KEY (or the generated key of the data directory) good, and the one that it was before no longer:
 * whoever changes the variable, because the old key leaked, expects just that.
 * @throws TenonError `server_config_invalid` when it is a key of another environment
 */
export async function ensureConfiguredKey(
  database: Kysely<Schema>,
  { environmentId, key }: { environmentId: number; key: string },
): Promise<void> {
  await ensureApiKey(database, { environmentId, key, name: 'initial' });
  await claimConfiguredKey(database, { environmentId, hash: hashSecret(key) });
}
