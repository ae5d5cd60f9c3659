import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/**
 * Gives every sync of the environment, and its partitions, the cursors that they had at an activation; what had none
 * begins at the start. A new epoch, so that nothing older can write there.
 * @returns how many there are
 */
export async function restoreStates(
  transaction: Kysely<Schema>,
  { environmentId, activationId }: { environmentId: number; activationId: number },
): Promise<number> {
  await sql`update syncs set cursor_epoch = cursor_epoch + 1 where environment_id = ${environmentId}`.execute(
    transaction,
  );
  await sql`delete from sync_states using syncs s
    where s.id = sync_states.sync_id and s.environment_id = ${environmentId} and sync_states.scope = 'live'`.execute(
    transaction,
  );
  const { numAffectedRows = 0n } = await sql`
    insert into sync_states (sync_id, scope, partition, cursor, checkpoint)
    select a.sync_id, 'live', a.partition, a.cursor, a.checkpoint from activation_states a
    where a.activation_id = ${activationId}`.execute(transaction);
  return Number(numAffectedRows);
}
