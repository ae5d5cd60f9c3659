import type { Connection } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import { usesToken, type Provider } from '@tenon/runtime/provider';
import { findProvider } from '../deployments/find-provider.ts';
import type { ConnectionContext } from './connection-context.ts';
import { findConnection, type ConnectionAddress } from './find-connection.ts';
import type { OpenSecrets } from './secret-cache.ts';
import { isValid } from './tokens/token-freshness.ts';
import { mayHaveToken, wayToToken } from './tokens/token-use.ts';
import { waitAbortably } from './tokens/wait-abortably.ts';

/**
 * Renews a connection's token now, whatever is known of it.
 * @throws TenonError `not_found`; `conflict` for a mode without tokens, and for a token that cannot be renewed; what the exchange with the provider failed with
 */
export async function refreshConnection(
  context: ConnectionContext,
  { address, signal }: { address: ConnectionAddress; signal?: AbortSignal },
): Promise<Connection> {
  const { connectionId, connection } = await findConnection(context.database, address);
  if (!mayHaveToken(connection.authMode)) throw withoutToken(connection);
  const open = await context.secrets.read(connectionId);
  const { manifest } = await context.manifests.getActive(open.environment_id);
  const provider = findProvider(manifest, open.integration);
  if (!usesToken(provider.auth)) throw withoutToken(connection);
  throwIfHelpless(provider, { open, nowMs: context.now() });
  const { token_version: version } = open;
  await waitAbortably(context.renewals.renew({ connectionId: open.id, force: true, version }), signal);
  return (await findConnection(context.database, address)).connection;
}

function withoutToken({ authMode }: Connection): TenonError {
  return new TenonError('conflict', `A connection of the mode ${authMode} has no token to renew.`, { hint: testIt });
}

/** A token that is good still, and that nobody can replace, is no problem of the connection: OAuth 1.0a has no other. */
function throwIfHelpless(provider: Provider, { open, nowMs }: { open: OpenSecrets; nowMs: number }): void {
  const { credentials, token } = open;
  if (!token || !isValid(token, nowMs) || wayToToken(provider, credentials, token) !== 'none') return;
  throw new TenonError('conflict', `${provider.displayName} gave nothing to renew the access token with.`, {
    hint: `It is good still. ${testIt}`,
  });
}

const testIt = 'Look whether the credentials work: POST .../test, `tenon connections test`.';
