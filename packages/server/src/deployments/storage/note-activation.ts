import { sql, type Transaction } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/**
 * Notes that a version becomes active, and where every cursor and feed of the environment stands. One statement, so one
 * snapshot: a page moves both in one transaction, and is in it whole or not at all.
 */
export async function noteActivation(
  transaction: Transaction<Schema>,
  options: { environmentId: number; version: number; previousVersion: number },
): Promise<void> {
  const { environmentId, version, previousVersion } = options;
  await sql`
    with noted as (
      insert into activations (environment_id, version, previous_version)
      values (${environmentId}, ${version}, ${previousVersion})
      returning id
    ), states as (
      insert into activation_states (activation_id, sync_id, partition, cursor, checkpoint)
      select noted.id, t.sync_id, t.partition, t.cursor, t.checkpoint
      from noted, syncs s join sync_states t on t.sync_id = s.id and t.scope = 'live'
      where s.environment_id = ${environmentId}
    )
    insert into activation_positions (activation_id, dataset_id, position)
    select noted.id, d.id, d.position
    from noted, connections c join datasets d on d.connection_id = c.id
    where c.environment_id = ${environmentId}`.execute(transaction);
}
