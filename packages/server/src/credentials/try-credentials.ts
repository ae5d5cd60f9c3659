import { TenonError } from '@tenon/runtime/errors';
import { toActiveCredential, type Credentials, type Provider } from '@tenon/runtime/provider';
import type { ConnectionContext } from './connection-context.ts';
import { toStoredToken } from './tokens/token-freshness.ts';
import type { StoredToken } from './seal-secrets.ts';

/** A person waits for the answer; a provider that needs longer is as good as down. */
const deadlineMs = 20_000;

export interface CredentialTrial {
  readonly provider: Provider;
  readonly credentials: Credentials;
  readonly config: Readonly<Record<string, string>>;
  /** Values of the integration. */
  readonly integration: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
}

/**
 * Tries credentials before they are kept: obtains a token where the mode has one, makes the verification request.
 * @returns the token, so that the first run does not ask for another
 * @throws TenonError `provider_unauthorized`, `provider_unreachable` and what else the request engine throws
 */
export async function tryCredentials(
  { access, now }: Pick<ConnectionContext, 'access' | 'now'>,
  trial: CredentialTrial,
): Promise<StoredToken | undefined> {
  const { provider, credentials, config, integration } = trial;
  const deadline = AbortSignal.timeout(deadlineMs);
  const signal = trial.signal ? AbortSignal.any([trial.signal, deadline]) : deadline;
  try {
    const token =
      credentials.mode === 'oauth2_client_credentials'
        ? await access.obtainToken({ provider, credentials, config, integration, signal })
        : undefined;
    await access.verify({ provider, credential: toActiveCredential(credentials, token), config, integration, signal });
    return token && toStoredToken(token, now());
  } catch (error) {
    throw withConnectHint(error, { provider, timedOut: deadline.aborted });
  }
}

/** The request engine speaks to script authors; who connects an account needs another hint. */
function withConnectHint(error: unknown, { provider, timedOut }: { provider: Provider; timedOut: boolean }): unknown {
  if (error instanceof TenonError && error.code === 'provider_unauthorized') {
    return new TenonError('provider_unauthorized', `${provider.displayName} refused these credentials.`, {
      hint: `Check that they are complete, not revoked, and allowed to call ${provider.displayName}'s API (${provider.docs}). Nothing was stored.`,
      cause: error,
      ...(error.details ? { details: error.details } : {}),
    });
  }
  if (timedOut && !(error instanceof TenonError)) {
    return new TenonError(
      'provider_timeout',
      `${provider.displayName} did not answer within ${deadlineMs / 1_000} s.`,
      {
        hint: 'Try again later, or connect with verify: false. Nothing was stored.',
        cause: error,
      },
    );
  }
  return error;
}
