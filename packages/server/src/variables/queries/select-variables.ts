import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

export interface StoredVariableRow {
  readonly name: string;
  readonly updated_at: Date;
  /** Of a preview's parent. */
  readonly is_inherited: boolean;
}

/** What may be shown of an environment's variables, and of those that a preview has of its parent. */
export async function selectVariables(
  database: Kysely<Schema>,
  { environmentId }: { environmentId: number },
): Promise<StoredVariableRow[]> {
  const { rows } = await sql<StoredVariableRow>`
    select distinct on (v.name) v.name, v.updated_at, v.environment_id <> e.id as is_inherited
    from environments e join variables v on v.environment_id in (e.id, e.parent_id)
    where e.id = ${environmentId}
    order by v.name, v.environment_id = e.id desc`.execute(database);
  return rows;
}
