import { TenonError } from '@tenon/runtime/errors';
import type { Manifest } from '@tenon/runtime/contract';
import type { Provider } from '@tenon/runtime/provider';
import type { ConnectionContext } from '../connection-context.ts';
import { openCredentials, openToken, sealToken, type StoredToken } from '../seal-secrets.ts';
import { lockSecrets } from '../storage/lock-secrets.ts';
import { updateConnectionState } from '../storage/update-connection-state.ts';
import { updateToken } from '../storage/update-token.ts';
import { isFresh, toStoredToken } from './token-freshness.ts';

/** A token request that takes longer than this has failed. */
const deadlineMs = 30_000;

export interface TokenRenewal {
  readonly connectionId: number;
  readonly environmentId: number;
  readonly integration: string;
  readonly manifest: Manifest;
  readonly provider: Provider;
  /** The token that the provider refused or that grew old; any other that is stored by now is taken as it is. */
  readonly outdated: string | undefined;
}

/**
 * Obtains a token under the row's lock and keeps it before anybody uses it. Whoever waited for the lock finds the
 * token of the one before it and asks for none: of all processes that need a new token at once, one asks.
 * @throws TenonError `provider_unauthorized` (the connection is then marked auth_failed), `not_found`
 */
export async function renewToken(context: ConnectionContext, renewal: TokenRenewal): Promise<StoredToken> {
  try {
    return await renewLocked(context, renewal);
  } catch (error) {
    if (error instanceof TenonError && error.code === 'provider_unauthorized') {
      await updateConnectionState(context.database, { connectionId: renewal.connectionId, state: 'auth_failed' });
    }
    throw error;
  }
}

function renewLocked(context: ConnectionContext, renewal: TokenRenewal): Promise<StoredToken> {
  const { connectionId, provider } = renewal;
  const where = { keyring: context.keyring, connectionId };
  return context.database.transaction().execute(async (transaction) => {
    const row = await lockSecrets(transaction, connectionId);
    if (!row) throw new TenonError('not_found', 'The connection was deleted.');
    const stored = row.token === null ? undefined : await openToken(row.token, where);
    if (stored && stored.accessToken !== renewal.outdated && isFresh(stored, context.now())) return stored;
    const credentials = await openCredentials(row.credentials, where);
    if (credentials.mode !== 'oauth2_client_credentials') {
      throw new TenonError('conflict', 'The connection got credentials of another kind meanwhile; try again.');
    }
    const signal = AbortSignal.timeout(deadlineMs);
    const integration = await context.integrations.resolve({ ...renewal, provider });
    const obtained = await context.access.obtainToken({
      provider,
      credentials,
      config: row.config,
      integration,
      signal,
    });
    const token = toStoredToken(obtained, context.now());
    const expiresAt = token.expiresAtMs === undefined ? null : new Date(token.expiresAtMs);
    await updateToken(transaction, { connectionId, token: sealToken(token, where), expiresAt });
    return token;
  });
}
