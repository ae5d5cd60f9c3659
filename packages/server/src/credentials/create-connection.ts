import { TenonError } from '@tenon/runtime/errors';
import type { Connection, EndUser } from '@tenon/runtime/contract';
import { validateConnectionConfig, type Credentials, type ProviderToken } from '@tenon/runtime/provider';
import { checkSettings } from '../deployments/check-settings.ts';
import { findProvider } from '../deployments/find-provider.ts';
import { findManifest } from '../database/queries/find-manifest.ts';
import { lockEnvironment } from '../deployments/storage/lock-environment.ts';
import { syncConnectionSchedules } from '../engine/schedules/sync-connection-schedules.ts';
import type { ConnectionContext } from './connection-context.ts';
import { findConnection } from './find-connection.ts';
import { publishConnectionEvent } from './publish-connection-event.ts';
import { sealConnection } from './seal-connection.ts';
import { insertConnection } from './storage/insert-connection.ts';
import { reserveConnectionId } from './storage/reserve-connection-id.ts';
import { selectConnections } from './storage/select-connections.ts';
import { takeSecrets } from './take-secrets.ts';
import { tryCredentials } from './try-credentials.ts';

export interface NewConnection {
  readonly environmentId: number;
  readonly integration: string;
  readonly name: string;
  readonly credentials: Credentials;
  readonly config: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly endUser?: EndUser | undefined;
  /** What a customer's consent gave; absent: obtained, or brought by the credentials of an import. */
  readonly token?: ProviderToken | undefined;
  /** Whether to try the credentials first. */
  readonly verify: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Connects a customer's account and makes its syncs due. Credentials that the provider refuses are not stored.
 * @throws TenonError `not_found` (integration), `credentials_invalid`, `settings_invalid`, `provider_unauthorized`, `conflict`
 */
export async function createConnection(context: ConnectionContext, request: NewConnection): Promise<Connection> {
  const { environmentId, integration, name } = request;
  const { manifest } = await context.manifests.getActive(environmentId);
  const provider = findProvider(manifest, integration);
  const asked = validateConnectionConfig(provider, request.config);
  // Settings may come later: what there is to choose from (repositories, lists) can often be asked only once the account
  // is connected. Until then a sync that needs them fails with settings_invalid, and says so.
  if (Object.keys(request.settings).length > 0) checkSettings(manifest, request);
  const given = takeSecrets(provider, { ...request, nowMs: context.now() });
  const { credentials } = given;
  // Before the provider is asked, for a plain answer; the unique key decides when two come together.
  const [existing] = await selectConnections(context.database, { environmentId, integration, name, limit: 1 });
  if (existing) throw existsAlready(request);

  const values = await context.integrations.resolve({ environmentId, manifest, integration, provider });
  const trial = { environmentId, provider, ...given, config: asked, integration: values, signal: request.signal };
  const { token, captured } = request.verify ? await tryCredentials(context, trial) : { ...given, captured: {} };
  const connectionId = await reserveConnectionId(context.database);
  const secrets = sealConnection(context, { connectionId, provider, credentials, token });
  await context.database.transaction().execute(async (transaction) => {
    // A deployment that becomes active at this moment either sees the connection, or is seen by it.
    const version = await lockEnvironment(transaction, environmentId);
    const current = (await findManifest(transaction, { environmentId, version })) ?? manifest;
    const inserted = await insertConnection(transaction, {
      id: connectionId,
      environmentId,
      integration,
      name,
      config: { ...asked, ...captured },
      secrets,
      endUser: request.endUser,
      settings: request.settings,
      metadata: request.metadata,
    });
    if (!inserted) throw existsAlready(request);
    await publishConnectionEvent(transaction, 'connection.created', inserted);
    await syncConnectionSchedules(transaction, { environmentId, manifest: current, connectionId });
  });
  return (await findConnection(context.database, { environmentId, integration, name })).connection;
}

function existsAlready({ integration, name }: NewConnection): TenonError {
  return new TenonError('conflict', `There is a connection ${name} of ${integration} already.`, {
    hint: 'Change its credentials with PATCH, or delete it first.',
  });
}
