import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

export interface ExpiredPreview {
  readonly id: number;
  readonly name: string;
  readonly parent_id: number;
}

/** Previews whose time is over and that nobody deletes yet. */
export async function selectExpired(
  database: Kysely<Schema>,
  { now, limit }: { now: Date; limit: number },
): Promise<ExpiredPreview[]> {
  const { rows } = await sql<ExpiredPreview>`
    select id, name, parent_id from environments
    where expires_at <= ${now} and parent_id is not null and deleting_at is null
    order by expires_at limit ${limit}`.execute(database);
  return rows;
}
