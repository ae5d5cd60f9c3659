import type { WebhookEventType } from '@tenon/runtime/contract';
import { holdConnection } from '../engine/schedules/hold-connection.ts';
import type { ConnectionContext } from './connection-context.ts';
import { publishConnectionEvent } from './publish-connection-event.ts';
import { updateConnection, type ConnectionUpdate } from './storage/update-connection.ts';

/**
 * Changes a connection with everything that follows from it, in one transaction: new secrets clear its problem, and
 * syncs that waited for them are due at once.
 * @param options.event what the webhooks hear of; absent: `connection.recovered`, if there was a problem
 * @returns false when the connection is gone
 */
export async function changeConnection(
  { database, now }: Pick<ConnectionContext, 'database' | 'now'>,
  { event, ...update }: ConnectionUpdate & { event?: WebhookEventType },
): Promise<boolean> {
  const { connectionId } = update;
  return database.transaction().execute(async (transaction) => {
    const row = await updateConnection(transaction, update);
    if (!row) return false;
    if (!update.secrets) return true;
    if (row.was_failed) await holdConnection(transaction, { connectionId, held: false, now: new Date(now()) });
    if (event) await publishConnectionEvent(transaction, event, row);
    else if (row.had_problem || row.was_failed) await publishConnectionEvent(transaction, 'connection.recovered', row);
    return true;
  });
}
