import type { Kysely } from 'kysely';
import type { Schema } from '../database/schema.ts';
import type { ManifestSource } from '../deployments/manifest-source.ts';
import type { IntegrationValues } from '../integrations/integration-values.ts';
import type { Keyring } from './keyring.ts';
import type { ProviderAccess } from './provider-access.ts';
import { createSecretCache, type SecretCache } from './secret-cache.ts';
import { createTokenRenewals, type RenewalOptions, type TokenRenewals } from './tokens/token-renewals.ts';

/** What the composition gives. */
export interface ConnectionParts {
  readonly database: Kysely<Schema>;
  readonly keyring: Keyring;
  readonly manifests: ManifestSource;
  readonly access: ProviderAccess;
  readonly integrations: IntegrationValues;
  /** Where browsers and customers reach this server; without a slash at the end. */
  readonly publicUrl: () => string;
  /** Unix time in milliseconds. */
  readonly now: () => number;
}

/** What the operations on connections stand on: one of it a process, since renewals are shared. */
export interface ConnectionContext extends ConnectionParts {
  readonly secrets: SecretCache;
  readonly renewals: TokenRenewals;
}

export function createConnectionContext(parts: ConnectionParts, options: RenewalOptions = {}): ConnectionContext {
  const withSecrets = { ...parts, secrets: createSecretCache(parts) };
  return { ...withSecrets, renewals: createTokenRenewals(withSecrets, options) };
}
