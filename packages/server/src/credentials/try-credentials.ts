import { TenonError } from '@tenon/runtime/errors';
import { toActiveCredential, usesToken, type Credentials, type Provider } from '@tenon/runtime/provider';
import type { DeployedProvider } from '../deployments/deployed-provider.ts';
import type { ConnectionContext } from './connection-context.ts';
import type { StoredToken } from './seal-secrets.ts';
import { askAccount } from './tokens/ask-provider.ts';
import { classifyFailure } from './tokens/classify-failure.ts';
import { isFresh } from './tokens/token-freshness.ts';
import { wayToToken } from './tokens/token-use.ts';

/** A person waits for the answer; a provider that needs longer is as good as down. */
const deadlineMs = 20_000;

export interface CredentialTrial {
  readonly environmentId: number;
  readonly provider: DeployedProvider;
  readonly credentials: Credentials;
  /** That came with them. */
  readonly token?: StoredToken | undefined;
  readonly config: Readonly<Record<string, string>>;
  /** Values of the integration. */
  readonly integration: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
}

export interface TriedCredentials {
  readonly token: StoredToken | undefined;
  /** Values of the connection. */
  readonly captured: Readonly<Record<string, string>>;
}

/**
 * Tries credentials before they are kept: obtains or renews a token where there is none that is good, makes the
 * verification request.
 * @returns the token, so that the first run does not ask for another, and what the provider and its hooks told of the account
 * @throws TenonError `provider_unauthorized`, `provider_unreachable` and what else the request engine throws
 */
export async function tryCredentials(
  context: Pick<ConnectionContext, 'access' | 'now'>,
  trial: CredentialTrial,
): Promise<TriedCredentials> {
  const { environmentId, provider, credentials, integration } = trial;
  const deadline = AbortSignal.timeout(deadlineMs);
  const signal = trial.signal ? AbortSignal.any([trial.signal, deadline]) : deadline;
  const { token: brought } = trial;
  try {
    const isGood = brought !== undefined && isFresh(brought, context.now());
    const isAsked = usesToken(provider.auth) && !isGood && (brought !== undefined || canObtain(trial));
    const asked = isAsked ? await askAccount(context, { ...trial, token: brought, signal }) : undefined;
    const token = asked?.token ?? brought;
    if (usesToken(provider.auth) && !token) throw missingToken(provider);
    const credential = toActiveCredential(credentials, token);
    const account = { environmentId, provider, credentials, token, integration, signal };
    const known = { ...trial.config, ...asked?.captured };
    const captured = { ...asked?.captured, ...(await context.access.captureAccount({ ...account, config: known })) };
    const config = { ...known, ...captured };
    await context.access.verify({ ...account, credential, config }).catch((error: unknown) => {
      // The provider took the old refresh token for a new one: thrown away now, the customer would have to connect again.
      if (isAsked && brought && classifyFailure(error) === 'provider_down') return;
      throw error;
    });
    return { token, captured };
  } catch (error) {
    throw withConnectHint(error, { provider, timedOut: deadline.aborted });
  }
}

function canObtain({ provider, credentials }: CredentialTrial): boolean {
  return wayToToken(provider, credentials, undefined) === 'obtain';
}

function missingToken({ displayName }: Provider): TenonError {
  return new TenonError(
    'credentials_invalid',
    `${displayName} is connected in a browser; an import brings its tokens.`,
    {
      hint: 'Give credentials.accessToken, credentials.refreshToken or both, or start a connect session.',
    },
  );
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
