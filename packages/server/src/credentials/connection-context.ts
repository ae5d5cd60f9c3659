import type { Kysely } from 'kysely';
import type { Schema } from '../database/schema.ts';
import type { ManifestSource } from '../deployments/manifest-source.ts';
import type { IntegrationValues } from '../integrations/integration-values.ts';
import type { Keyring } from './keyring.ts';
import type { ProviderAccess } from './provider-access.ts';

/** What the operations on connections stand on. */
export interface ConnectionContext {
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
