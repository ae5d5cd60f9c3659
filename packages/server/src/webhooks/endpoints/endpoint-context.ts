import type { Kysely } from 'kysely';
import type { Keyring } from '../../credentials/keyring.ts';
import type { Schema } from '../../database/schema.ts';

/** What the operations on webhook endpoints stand on. */
export interface EndpointContext {
  readonly database: Kysely<Schema>;
  readonly keyring: Keyring;
  /** Unix time in milliseconds. */
  readonly now: () => number;
}

/** Which endpoint of which environment. */
export interface EndpointAddress {
  readonly environmentId: number;
  readonly id: number;
}

/** Where the secrets of an endpoint lie. */
export function secretPlace(row: number, column: 'secret' | 'previous_secret' = 'secret') {
  return { table: 'webhook_endpoints', column, row } as const;
}
