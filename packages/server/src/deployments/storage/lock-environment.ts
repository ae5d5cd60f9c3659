import type { Transaction } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** The environment's active version, locked until the transaction ends: deployments happen one after the other. */
export async function lockEnvironment(transaction: Transaction<Schema>, environmentId: number): Promise<number> {
  const row = await transaction
    .selectFrom('environments')
    .select('active_version')
    .where('id', '=', environmentId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  return row.active_version;
}
