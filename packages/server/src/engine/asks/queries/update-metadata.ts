import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** Replaces a connection's metadata, or changes keys of it, where null removes one. @returns what it is now */
export async function updateMetadata(
  database: Kysely<Schema>,
  { connectionId, change, json }: { connectionId: number | string; change: 'set' | 'patch'; json: string },
): Promise<Record<string, unknown> | undefined> {
  const { rows } = await sql<{ metadata: Record<string, unknown> }>`
    update connections
    set updated_at = now(), metadata = ${
      change === 'set'
        ? sql`${json}::jsonb`
        : sql`(metadata || ${json}::jsonb)
          - array(select key from jsonb_each(${json}::jsonb) where value = 'null'::jsonb)`
    }
    where id = ${connectionId}
    returning metadata`.execute(database);
  return rows[0]?.metadata;
}
