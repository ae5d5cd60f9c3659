import { hasHook } from '../deployments/deployed-provider.ts';
import { findProvider } from '../deployments/find-provider.ts';
import type { ConnectionContext } from './connection-context.ts';
import { findConfig } from './storage/find-config.ts';

/** Who deletes a connection waits; a provider that is slow keeps a token that nobody has any more. */
const deadlineMs = 5_000;

/**
 * Ends a connection's token at the provider, as far as the provider has a way to. Best effort: what fails is left, since
 * the connection goes all the same.
 * @returns whether the provider was asked and agreed
 */
export async function revokeConnection(context: ConnectionContext, connectionId: number): Promise<boolean> {
  const signal = AbortSignal.timeout(deadlineMs);
  try {
    const open = await context.secrets.read(connectionId);
    const { credentials, token, environment_id: environmentId, integration: name } = open;
    const { manifest } = await context.manifests.getActive(environmentId);
    const provider = findProvider(manifest, name);
    const { auth } = provider;
    const hasAddress = 'revocationUrl' in auth && auth.revocationUrl !== undefined;
    const isAddressed = token && (hasAddress || token.registration?.revocationUrl !== undefined);
    if (!isAddressed && !hasHook(provider, 'revoke')) return false;
    const integration = await context.integrations.resolve({ environmentId, manifest, integration: name, provider });
    const config = await findConfig(context.database, connectionId);
    await context.access.revokeToken({ environmentId, provider, integration, config, credentials, token, signal });
    return true;
  } catch {
    return false;
  }
}
