import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** The names of an environment's previews, in their order. */
export async function selectPreviewNames(
  database: Kysely<Schema>,
  { parentId, limit }: { parentId: number; limit: number },
): Promise<string[]> {
  const rows = await database
    .selectFrom('environments')
    .select('name')
    .where('parent_id', '=', parentId)
    .where('deleting_at', 'is', null)
    .orderBy('name')
    .limit(limit)
    .execute();
  return rows.map(({ name }) => name);
}
