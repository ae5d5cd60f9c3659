import type { Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

export interface RestorePoint {
  readonly activationId: number;
  readonly at: Date;
}

/** When a version was left for another one the last time; undefined: never, or that is no longer kept. */
export async function findRestorePoint(
  database: Kysely<Schema>,
  { environmentId, version }: { environmentId: number; version: number },
): Promise<RestorePoint | undefined> {
  const row = await database
    .selectFrom('activations')
    .select(['id', 'activated_at'])
    .where('environment_id', '=', environmentId)
    .where('previous_version', '=', version)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && { activationId: Number(row.id), at: row.activated_at };
}
