import { sql, type RawBuilder } from 'kysely';

/**
 * Whether `incoming` is older than `stored` (both with version and observed_ms). Their versions decide where they have
 * some and differ; otherwise when the provider was asked does. A tie is not older.
 */
export const isOlder: RawBuilder<boolean> = sql`
  case when incoming.version <> stored.version then incoming.version < stored.version
    else incoming.observed_ms < stored.observed_ms end`;
