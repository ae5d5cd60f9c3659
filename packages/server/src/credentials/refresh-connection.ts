import type { Connection } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import type { ConnectionContext } from './connection-context.ts';
import { findConnection, type ConnectionAddress } from './find-connection.ts';
import { mayHaveToken } from './tokens/token-use.ts';
import { waitAbortably } from './tokens/wait-abortably.ts';

/**
 * Renews a connection's token now, whatever is known of it.
 * @throws TenonError `not_found`; `conflict` for a mode without tokens; what the exchange with the provider failed with
 */
export async function refreshConnection(
  context: ConnectionContext,
  { address, signal }: { address: ConnectionAddress; signal?: AbortSignal },
): Promise<Connection> {
  const { connectionId, connection } = await findConnection(context.database, address);
  if (!mayHaveToken(connection.authMode)) {
    throw new TenonError('conflict', `A connection of the mode ${connection.authMode} has no token to renew.`, {
      hint: 'Look whether its credentials work: POST .../test, `tenon connections test`.',
    });
  }
  const { token_version: version } = await context.secrets.read(connectionId);
  await waitAbortably(context.renewals.renew({ connectionId, force: true, version }), signal);
  return (await findConnection(context.database, address)).connection;
}
