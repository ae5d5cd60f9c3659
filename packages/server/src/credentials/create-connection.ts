import { TenonError } from '@tenon/runtime/errors';
import type { Connection } from '@tenon/runtime/contract';
import { validateConnectionConfig, validateCredentials, type Credentials } from '@tenon/runtime/provider';
import { findProvider } from '../deployments/find-provider.ts';
import { findManifest } from '../database/queries/find-manifest.ts';
import { lockEnvironment } from '../deployments/storage/lock-environment.ts';
import { syncConnectionSchedules } from '../engine/schedules/sync-connection-schedules.ts';
import type { ConnectionContext } from './connection-context.ts';
import { findConnection } from './find-connection.ts';
import { sealCredentials, sealToken } from './seal-secrets.ts';
import { insertConnection } from './storage/insert-connection.ts';
import { reserveConnectionId } from './storage/reserve-connection-id.ts';
import { selectConnections } from './storage/select-connections.ts';
import { tryCredentials } from './try-credentials.ts';

export interface NewConnection {
  readonly environmentId: number;
  readonly integration: string;
  readonly name: string;
  readonly credentials: Credentials;
  readonly config: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Whether to try the credentials first. */
  readonly verify: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Connects a customer's account and makes its syncs due. Credentials that the provider refuses are not stored.
 * @throws TenonError `not_found` (integration), `credentials_invalid`, `provider_unauthorized`, `conflict`
 */
export async function createConnection(context: ConnectionContext, request: NewConnection): Promise<Connection> {
  const { environmentId, integration, name } = request;
  const { manifest } = await context.manifests.getActive(environmentId);
  const provider = findProvider(manifest, integration);
  const credentials = validateCredentials(provider, request.credentials);
  const config = validateConnectionConfig(provider, request.config);
  // Before the provider is asked, for a plain answer; the unique key decides when two come together.
  const [existing] = await selectConnections(context.database, { environmentId, integration, name, limit: 1 });
  if (existing) throw existsAlready(request);

  const values = await context.integrations.resolve({ environmentId, manifest, integration, provider });
  const trial = { provider, credentials, config, integration: values, signal: request.signal };
  const token = request.verify ? await tryCredentials(context, trial) : undefined;
  const connectionId = await reserveConnectionId(context.database);
  const where = { keyring: context.keyring, connectionId };
  await context.database.transaction().execute(async (transaction) => {
    // A deployment that becomes active at this moment either sees the connection, or is seen by it.
    const version = await lockEnvironment(transaction, environmentId);
    const current = (await findManifest(transaction, { environmentId, version })) ?? manifest;
    const inserted = await insertConnection(transaction, {
      id: connectionId,
      environmentId,
      integration,
      name,
      authMode: credentials.mode,
      config,
      credentials: sealCredentials(credentials, where),
      token: token ? sealToken(token, where) : null,
      tokenExpiresAt: token?.expiresAtMs === undefined ? null : new Date(token.expiresAtMs),
      settings: request.settings,
      metadata: request.metadata,
    });
    if (!inserted) throw existsAlready(request);
    await syncConnectionSchedules(transaction, { environmentId, manifest: current, connectionId });
  });
  return (await findConnection(context.database, { environmentId, integration, name })).connection;
}

function existsAlready({ integration, name }: NewConnection): TenonError {
  return new TenonError('conflict', `There is a connection ${name} of ${integration} already.`, {
    hint: 'Change its credentials with PATCH, or delete it first.',
  });
}
