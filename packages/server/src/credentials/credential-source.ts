import { TenonError } from '@tenon/runtime/errors';
import { toActiveCredential, type ActiveCredential, type Credentials } from '@tenon/runtime/provider';
import { findProvider } from '../deployments/find-provider.ts';
import type { ConnectionContext } from './connection-context.ts';
import { openCredentials, openToken, type StoredToken } from './seal-secrets.ts';
import { findSecrets } from './storage/find-secrets.ts';
import { renewToken, type TokenRenewal } from './tokens/renew-token.ts';
import { isFresh } from './tokens/token-freshness.ts';
import { waitAbortably } from './tokens/wait-abortably.ts';

export interface CredentialRequest {
  /** The provider refused what this source gave last: get a new token even if the stored one looks fresh. */
  readonly renew?: boolean;
  /** With `renew`: what was refused, so that a token which another run renewed meanwhile is not renewed again. */
  readonly refused?: ActiveCredential;
  readonly signal?: AbortSignal;
}

export interface CredentialSource {
  /**
   * The one credential that a run of the connection may use now.
   * @throws TenonError `not_found`, `decryption_failed`, `provider_unauthorized`, `provider_unreachable`
   */
  getActiveCredential(connectionId: number, request?: CredentialRequest): Promise<ActiveCredential>;
}

/** Credentials that don't expire are read as they are; tokens are renewed once, however many ask (semantics 11). */
export function createCredentialSource(context: ConnectionContext): CredentialSource {
  const flights = new Map<number, Promise<StoredToken>>();

  /** One renewal of a connection at a time in this process; the row's lock sees to the other processes. */
  function renewOnce(renewal: TokenRenewal): Promise<StoredToken> {
    const { connectionId } = renewal;
    const flight =
      flights.get(connectionId) ?? renewToken(context, renewal).finally(() => flights.delete(connectionId));
    flights.set(connectionId, flight);
    return flight;
  }

  async function getActiveCredential(
    connectionId: number,
    { renew = false, refused, signal }: CredentialRequest = {},
  ): Promise<ActiveCredential> {
    signal?.throwIfAborted();
    const row = await findSecrets(context.database, connectionId);
    if (!row) throw new TenonError('not_found', 'The connection does not exist (any more).');
    const where = { keyring: context.keyring, connectionId };
    const credentials = await openCredentials(row.credentials, where);
    if (!hasToken(credentials)) return toActiveCredential(credentials);

    const stored = row.token === null ? undefined : await openToken(row.token, where);
    const outdated = renew ? (refused?.fields['accessToken'] ?? stored?.accessToken) : undefined;
    if (stored && stored.accessToken !== outdated && isFresh(stored, context.now())) {
      return toActiveCredential(credentials, stored);
    }
    const { manifest } = await context.manifests.getActive(row.environment_id);
    const provider = findProvider(manifest, row.integration);
    const token = await waitAbortably(
      renewOnce({
        connectionId,
        environmentId: row.environment_id,
        integration: row.integration,
        manifest,
        provider,
        outdated,
      }),
      signal,
    );
    return toActiveCredential(credentials, token);
  }

  return { getActiveCredential };
}

function hasToken({ mode }: Credentials): boolean {
  return mode === 'oauth2_client_credentials';
}
