import type { Credentials, Provider } from '@tenon/runtime/provider';
import { holdConnection } from '../../engine/schedules/hold-connection.ts';
import type { ConnectionContext } from '../connection-context.ts';
import { publishConnectionEvent } from '../publish-connection-event.ts';
import type { StoredToken } from '../seal-secrets.ts';
import { storeToken } from '../storage/store-token.ts';
import { toTokenColumns } from './token-columns.ts';

export interface TokenToKeep {
  readonly connectionId: number;
  /** Of the token that it was made from. */
  readonly version: number;
  readonly provider: Provider;
  readonly credentials: Credentials;
  readonly token: StoredToken;
}

/**
 * Stores a new token with everything that follows from it, in one transaction: the connection is active, its syncs are
 * due again, the webhooks hear of it.
 * @returns false when another token took its place meanwhile
 */
export async function keepToken(
  context: Pick<ConnectionContext, 'database' | 'keyring' | 'now'>,
  kept: TokenToKeep,
): Promise<boolean> {
  const { connectionId, version } = kept;
  const columns = toTokenColumns(context, kept);
  const now = new Date(context.now());
  return context.database.transaction().execute(async (transaction) => {
    const row = await storeToken(transaction, { connectionId, version, columns, now });
    if (!row) return false;
    if (row.was_failed) await holdConnection(transaction, { connectionId, held: false, now });
    await publishConnectionEvent(transaction, 'connection.refreshed', row);
    if (row.had_problem) await publishConnectionEvent(transaction, 'connection.recovered', row);
    return true;
  });
}
