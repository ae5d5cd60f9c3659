import { sql, type Kysely } from 'kysely';
import type { Schema } from '../database/schema.ts';

/** A preview that is deployed to lives for its TTL from then on; one that was to live longer does, and others for ever. */
export async function extendOnDeploy(
  database: Kysely<Schema>,
  { environmentId, now }: { environmentId: number; now: Date },
): Promise<void> {
  await sql`
    update environments
    set expires_at = greatest(expires_at, ${now}::timestamptz + ttl_ms * interval '1 millisecond')
    where id = ${environmentId} and parent_id is not null and deleting_at is null`.execute(database);
}
