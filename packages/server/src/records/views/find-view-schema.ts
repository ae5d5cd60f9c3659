import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';
import { previewSchemaName, viewSchemaName } from './planned-views.ts';

/** The schema of an environment's views. */
export async function findViewSchema(database: Kysely<Schema>, environmentId: number): Promise<string> {
  const { name, parent_id: parentId } = await database
    .selectFrom('environments')
    .select(['name', 'parent_id'])
    .where('id', '=', environmentId)
    .executeTakeFirstOrThrow();
  return parentId === null ? viewSchemaName(name) : previewSchemaName(name, environmentId);
}
