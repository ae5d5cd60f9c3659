import type { Connection } from '@tenon/runtime/contract';
import type { Credentials } from '@tenon/runtime/provider';
import { checkSettings } from '../deployments/check-settings.ts';
import { findProvider } from '../deployments/find-provider.ts';
import type { ConnectionContext } from './connection-context.ts';
import { findConnection, type ConnectionAddress } from './find-connection.ts';
import { changeConnection } from './change-connection.ts';
import { connectionBorrowed } from './connection-borrowed.ts';
import { sealConnection, type SecretColumns } from './seal-connection.ts';
import { takeSecrets } from './take-secrets.ts';
import { tryCredentials } from './try-credentials.ts';

export interface ConnectionPatch {
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  readonly credentials?: Credentials | undefined;
  readonly verify: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Changes a connection. Credentials that the provider refuses leave the old ones in place; good ones clear its problem.
 * @throws TenonError `not_found`, `connection_borrowed`, `credentials_invalid`, `settings_invalid`, `provider_unauthorized`
 */
export async function patchConnection(
  context: ConnectionContext,
  address: ConnectionAddress,
  patch: ConnectionPatch,
): Promise<Connection> {
  const { connectionId, connection } = await findConnection(context.database, address);
  const { settings, metadata } = patch;
  if (patch.credentials && connection.borrowedFrom !== undefined)
    throw connectionBorrowed(address, connection.borrowedFrom);
  if (settings) {
    const { manifest } = await context.manifests.getActive(address.environmentId);
    checkSettings(manifest, { integration: address.integration, settings });
  }
  const prepared = await prepareSecrets(context, { connectionId, connection, address, patch });
  await changeConnection(context, { connectionId, settings, metadata, ...prepared });
  return (await findConnection(context.database, address)).connection;
}

async function prepareSecrets(
  context: ConnectionContext,
  on: { connectionId: number; connection: Connection; address: ConnectionAddress; patch: ConnectionPatch },
): Promise<{ secrets: SecretColumns; config: Readonly<Record<string, string>> } | undefined> {
  const { connectionId, connection, address, patch } = on;
  if (!patch.credentials) return undefined;
  const { manifest } = await context.manifests.getActive(address.environmentId);
  const provider = findProvider(manifest, address.integration);
  const given = takeSecrets(provider, { credentials: patch.credentials, nowMs: context.now() });
  const integration = await context.integrations.resolve({ ...address, manifest, provider });
  const trial = {
    environmentId: address.environmentId,
    provider,
    ...given,
    config: connection.config,
    integration,
    signal: patch.signal,
  };
  const { token, captured } = patch.verify ? await tryCredentials(context, trial) : { ...given, captured: {} };
  const secrets = sealConnection(context, { connectionId, provider, credentials: given.credentials, token });
  return { secrets, config: { ...connection.config, ...captured } };
}
