import { toActiveCredential, usesToken, type ActiveCredential } from '@tenon/runtime/provider';
import { findProvider } from '../deployments/find-provider.ts';
import type { ConnectionContext } from './connection-context.ts';
import { confirmRefusal, type RefusalVerdict } from './confirm-refusal.ts';
import { toProblemError } from './problem-error.ts';
import type { OpenSecrets } from './secret-cache.ts';
import { classifyFailure } from './tokens/classify-failure.ts';
import type { Renewal } from './tokens/token-renewals.ts';
import { isFresh, isValid } from './tokens/token-freshness.ts';
import { mayHaveToken } from './tokens/token-use.ts';
import { waitAbortably } from './tokens/wait-abortably.ts';

export interface CredentialRequest {
  /** The provider refused what this source gave last: get a new token even if the stored one looks fresh. */
  readonly renew?: boolean;
  /** With `renew`: what was refused, so that a token which another run renewed meanwhile is not renewed again. */
  readonly refused?: ActiveCredential | undefined;
  readonly signal?: AbortSignal;
}

export interface CredentialSource {
  /**
   * The one credential that a run of the connection may use now.
   * @throws TenonError `not_found`, `decryption_failed`, `provider_unauthorized` (also without asking the provider, when
   *   it is known that the customer has to connect again), and what the provider's failing throws
   */
  getActiveCredential(connectionId: number, request?: CredentialRequest): Promise<ActiveCredential>;
  /** Looks whether a connection is dead after a run of it was refused. */
  confirmRefusal(connectionId: number, options: { signal: AbortSignal }): Promise<RefusalVerdict>;
}

/** Credentials that don't expire are read as they are; tokens are renewed once, however many ask (semantics 11). */
export function createCredentialSource(context: ConnectionContext): CredentialSource {
  async function getActiveCredential(
    connectionId: number,
    { renew = false, refused, signal }: CredentialRequest = {},
  ): Promise<ActiveCredential> {
    signal?.throwIfAborted();
    const open = await context.secrets.read(connectionId);
    const { credentials, token } = open;
    if (!mayHaveToken(credentials.mode)) return toActiveCredential(credentials);
    const outdated = renew ? (refused ? tokenIn(refused) : token?.accessToken) : undefined;
    if (token && token.accessToken !== outdated && isFresh(token, context.now())) {
      return toActiveCredential(credentials, token);
    }
    if (!token && !(await needsToken(open))) return toActiveCredential(credentials);
    if (open.state === 'auth_failed' && open.problem) throw toProblemError(open.problem);
    return toActiveCredential(
      credentials,
      await renewOrMakeDo(open, { connectionId: open.id, refused: outdated, signal }),
    );
  }

  /** OAuth 1.0a and AWS sign with pasted keys at some providers, and with tokens at others. */
  async function needsToken({ environment_id, integration }: OpenSecrets): Promise<boolean> {
    const { manifest } = await context.manifests.getActive(environment_id);
    return usesToken(findProvider(manifest, integration).auth);
  }

  /** While the provider is down, or the app is misconfigured, a token that was not refused is good until it ends. */
  async function renewOrMakeDo(
    { token }: OpenSecrets,
    { signal, ...renewal }: Renewal & { signal: AbortSignal | undefined },
  ) {
    try {
      return await waitAbortably(context.renewals.renew(renewal), signal);
    } catch (error) {
      const failure = classifyFailure(error);
      const isPassing = failure === 'provider_down' || failure === 'misconfigured';
      if (isPassing && token && token.accessToken !== renewal.refused && isValid(token, context.now())) return token;
      throw error;
    }
  }

  return {
    getActiveCredential,
    confirmRefusal: (connectionId, { signal }) => confirmRefusal(context, { connectionId, signal }),
  };
}

function tokenIn({ mode, fields }: ActiveCredential): string | undefined {
  return mode === 'oauth1' ? fields['token'] : fields['accessToken'];
}
