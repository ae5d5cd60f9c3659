import type { Connection } from '@tenon/runtime/contract';
import { validateCredentials, type Credentials } from '@tenon/runtime/provider';
import { findProvider } from '../deployments/find-provider.ts';
import type { ConnectionContext } from './connection-context.ts';
import { findConnection, type ConnectionAddress } from './find-connection.ts';
import { sealCredentials, sealToken } from './seal-secrets.ts';
import { updateConnection, type ConnectionUpdate } from './storage/update-connection.ts';
import { tryCredentials } from './try-credentials.ts';

export interface ConnectionPatch {
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  readonly credentials?: Credentials | undefined;
  readonly verify: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Changes a connection. Credentials that the provider refuses leave the old ones in place.
 * @throws TenonError `not_found`, `credentials_invalid`, `provider_unauthorized`
 */
export async function patchConnection(
  context: ConnectionContext,
  address: ConnectionAddress,
  patch: ConnectionPatch,
): Promise<Connection> {
  const { connectionId, connection } = await findConnection(context.database, address);
  const secrets = patch.credentials && (await prepareSecrets(context, { connectionId, connection, address, patch }));
  await updateConnection(context.database, {
    connectionId,
    settings: patch.settings,
    metadata: patch.metadata,
    ...(secrets && { secrets }),
  });
  return (await findConnection(context.database, address)).connection;
}

async function prepareSecrets(
  context: ConnectionContext,
  on: { connectionId: number; connection: Connection; address: ConnectionAddress; patch: ConnectionPatch },
): Promise<ConnectionUpdate['secrets']> {
  if (!on.patch.credentials) return undefined;
  const { manifest } = await context.manifests.getActive(on.address.environmentId);
  const provider = findProvider(manifest, on.address.integration);
  const credentials = validateCredentials(provider, on.patch.credentials);
  const integration = await context.integrations.resolve({ ...on.address, manifest, provider });
  const trial = { provider, credentials, config: on.connection.config, integration, signal: on.patch.signal };
  const token = on.patch.verify ? await tryCredentials(context, trial) : undefined;
  const where = { keyring: context.keyring, connectionId: on.connectionId };
  return {
    authMode: credentials.mode,
    credentials: sealCredentials(credentials, where),
    token: token ? sealToken(token, where) : null,
    tokenExpiresAt: token?.expiresAtMs === undefined ? null : new Date(token.expiresAtMs),
  };
}
