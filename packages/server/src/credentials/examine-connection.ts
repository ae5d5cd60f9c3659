import { TenonError } from '@tenon/runtime/errors';
import { toActiveCredential, usesToken, type Provider } from '@tenon/runtime/provider';
import { hasHook } from '../deployments/deployed-provider.ts';
import { findProvider } from '../deployments/find-provider.ts';
import type { ConnectionContext } from './connection-context.ts';
import type { OpenSecrets } from './secret-cache.ts';
import { findConfig } from './storage/find-config.ts';
import { isFresh } from './tokens/token-freshness.ts';
import { wayToToken } from './tokens/token-use.ts';
import { waitAbortably } from './tokens/wait-abortably.ts';

/** As much as a person waits for. */
const deadlineMs = 20_000;

export interface Examination {
  /** Of the token that was looked at last. */
  readonly version: number;
  /** False: the provider has no request to try. */
  readonly verified: boolean;
  /** What it failed with; undefined: the connection works. */
  readonly error: unknown;
}

/**
 * Finds out whether a connection works: has a token, renewed once where it is old or refused, and makes the provider's
 * verification request with it.
 * @throws TenonError `not_found`, `decryption_failed`; not what the provider answers
 */
export async function examineConnection(
  context: ConnectionContext,
  { connectionId, signal }: { connectionId: number; signal?: AbortSignal | undefined },
): Promise<Examination> {
  const first = await context.secrets.read(connectionId);
  const { manifest } = await context.manifests.getActive(first.environment_id);
  const provider = findProvider(manifest, first.integration);
  const deadline = AbortSignal.timeout(deadlineMs);
  const limited = signal ? AbortSignal.any([signal, deadline]) : deadline;
  const verified = provider.verification !== undefined || hasHook(provider, 'verify');
  let open = first;
  try {
    const integration = await context.integrations.resolve({
      environmentId: first.environment_id,
      manifest,
      integration: first.integration,
      provider,
    });
    const config = await findConfig(context.database, connectionId);
    const verify = async (): Promise<void> => {
      const { credentials, token, environment_id: environmentId } = open;
      const credential = toActiveCredential(credentials, token);
      const account = { environmentId, provider, credentials, token, config, integration };
      await context.access.verify({ ...account, credential, signal: limited });
    };
    open = await withToken(context, { open, connectionId, provider, refused: undefined, signal: limited });
    try {
      await verify();
    } catch (error) {
      if (!isRefusal(error) || wayToToken(provider, open.credentials, open.token) === 'none') throw error;
      const refused = open.token?.accessToken;
      open = await withToken(context, { open, connectionId, provider, refused, signal: limited });
      await verify().catch(async (again: unknown) => {
        // While it was tried, another process may have replaced this one too.
        const latest = await context.secrets.read(connectionId);
        if (!isRefusal(again) || latest.token_version === open.token_version) throw again;
        open = latest;
        await verify();
      });
    }
    return { version: open.token_version, verified, error: undefined };
  } catch (error) {
    signal?.throwIfAborted();
    // Not the version that is stored by now: another process may have replaced what was refused here.
    return {
      version: open.token_version,
      verified,
      error: deadline.aborted && !(error instanceof TenonError) ? late(provider) : error,
    };
  }
}

async function withToken(
  { renewals, secrets, now }: ConnectionContext,
  on: {
    open: OpenSecrets;
    connectionId: number;
    provider: Provider;
    refused: string | undefined;
    signal: AbortSignal;
  },
): Promise<OpenSecrets> {
  const { open, connectionId, provider, refused } = on;
  if (!usesToken(provider.auth)) return open;
  if (open.token && open.token.accessToken !== refused && isFresh(open.token, now())) return open;
  await waitAbortably(renewals.renew({ connectionId, refused }), on.signal);
  return secrets.read(connectionId);
}

function isRefusal(error: unknown): boolean {
  return error instanceof TenonError && error.code === 'provider_unauthorized';
}

function late({ displayName }: Provider): TenonError {
  return new TenonError('provider_timeout', `${displayName} did not answer within ${deadlineMs / 1_000} s.`, {
    hint: 'Try again later.',
  });
}
