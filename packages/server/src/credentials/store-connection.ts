import type { Transaction } from 'kysely';
import type { EndUser, Manifest } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import type { Credentials, Provider } from '@tenon/runtime/provider';
import { findManifest } from '../database/queries/find-manifest.ts';
import type { Schema } from '../database/schema.ts';
import { lockEnvironment } from '../deployments/storage/lock-environment.ts';
import { holdConnection } from '../engine/schedules/hold-connection.ts';
import { syncConnectionSchedules } from '../engine/schedules/sync-connection-schedules.ts';
import { connectionBorrowed } from './connection-borrowed.ts';
import type { ConnectionContext } from './connection-context.ts';
import { publishConnectionEvent } from './publish-connection-event.ts';
import { sealConnection } from './seal-connection.ts';
import type { StoredToken } from './seal-secrets.ts';
import type { EventRow } from './storage/event-columns.ts';
import { insertConnection } from './storage/insert-connection.ts';
import { lockNamedConnection, type NamedConnection } from './storage/lock-named-connection.ts';
import { reserveConnectionId } from './storage/reserve-connection-id.ts';
import { updateConnection } from './storage/update-connection.ts';

export interface ConnectionToStore {
  readonly environmentId: number;
  readonly integration: string;
  readonly name: string;
  readonly provider: Provider;
  /** Checked already, and tried where they can be. */
  readonly credentials: Credentials;
  readonly token: StoredToken | undefined;
  /** What the customer was asked for. */
  readonly config: Readonly<Record<string, string>>;
  /** What the provider told of the account. */
  readonly captured: Readonly<Record<string, string>>;
  /** Put over those that are there; absent: these stay. */
  readonly settings: Readonly<Record<string, unknown>> | undefined;
  readonly metadata: Readonly<Record<string, unknown>> | undefined;
  readonly endUser: EndUser;
  /** A connection that is gone meanwhile is not made again. */
  readonly mustExist: boolean;
}

export interface StoreOptions {
  /** Used when the version that is active now cannot be read. */
  readonly manifest: Manifest;
  /** Commits together with the connection. */
  readonly alongside?: (transaction: Transaction<Schema>) => Promise<void>;
}

/**
 * Makes a connection, or renews the one of this name: it keeps its id, its records and what is not given; its problem
 * is over and its syncs are due. The events of both are published with it.
 * @throws TenonError `connection_borrowed`; `account_mismatch` when the account is another one, `not_found` when it must exist and does not
 */
export async function storeConnection(
  context: Pick<ConnectionContext, 'database' | 'keyring' | 'now'>,
  request: ConnectionToStore,
  { manifest, alongside }: StoreOptions,
): Promise<'created' | 'reconnected'> {
  const { environmentId, integration, name } = request;
  return context.database.transaction().execute(async (transaction) => {
    // Whoever connects or deploys in this environment at this moment comes before or after.
    const version = await lockEnvironment(transaction, environmentId);
    const current = (await findManifest(transaction, { environmentId, version })) ?? manifest;
    const existing = await lockNamedConnection(transaction, { environmentId, integration, name });
    if (existing) await refuseBorrowed(transaction, { existing, request });
    if (existing) refuseOtherAccount(existing, request);
    else if (request.mustExist) throw deletedMeanwhile(request);

    const connectionId = existing?.id ?? (await reserveConnectionId(transaction));
    const event = await save(transaction, { context, request, connectionId, existing });
    const now = new Date(context.now());
    await syncConnectionSchedules(transaction, { environmentId, manifest: current, connectionId, now });
    if (existing) await holdConnection(transaction, { connectionId, held: false, now });
    const outcome = existing ? 'reconnected' : 'created';
    await publishConnectionEvent(transaction, `connection.${outcome}`, event);
    await alongside?.(transaction);
    return outcome;
  });
}

/** The version of the token grows, so that a renewal of the one before finds itself late and stores nothing. */
async function save(
  transaction: Transaction<Schema>,
  {
    context,
    request,
    connectionId,
    existing,
  }: {
    context: Pick<ConnectionContext, 'keyring'>;
    request: ConnectionToStore;
    connectionId: number;
    existing: NamedConnection | undefined;
  },
): Promise<EventRow> {
  const { environmentId, integration, name, endUser } = request;
  const columns = {
    config: { ...request.config, ...request.captured },
    settings: { ...existing?.settings, ...request.settings },
    metadata: { ...existing?.metadata, ...request.metadata },
    secrets: sealConnection(context, { ...request, connectionId }),
    endUser,
  };
  const saved = existing
    ? await updateConnection(transaction, { connectionId, ...columns })
    : await insertConnection(transaction, { id: connectionId, environmentId, integration, name, ...columns });
  // Both are locked: the environment against others that insert, the row against whoever deletes it.
  if (!saved) throw new TenonError('conflict', `The connection ${name} of ${integration} was changed meanwhile.`);
  return saved;
}

/** A borrowed one has no place for credentials: they are its lender's. */
async function refuseBorrowed(
  transaction: Transaction<Schema>,
  { existing, request }: { existing: NamedConnection; request: ConnectionToStore },
): Promise<void> {
  if (existing.lender_id === null) return;
  const lender = await transaction
    .selectFrom('connections')
    .innerJoin('environments', 'environments.id', 'connections.environment_id')
    .select('environments.name')
    .where('connections.id', '=', existing.lender_id)
    .executeTakeFirst();
  throw connectionBorrowed(request, lender?.name ?? 'its parent');
}

/** Records of two accounts under one name would be mixed, and the app would show one customer's to the other. */
function refuseOtherAccount({ config }: NamedConnection, { captured, integration, name }: ConnectionToStore): void {
  const different = Object.keys(captured).filter(
    (field) => config[field] !== undefined && config[field] !== captured[field],
  );
  if (different.length === 0) return;
  throw new TenonError('account_mismatch', `This is another account than the one that was connected (${name}).`, {
    hint: 'Sign in at the provider with the account that was connected before. To connect another one, remove this connection first.',
    details: { integration, connection: name, fields: different },
  });
}

function deletedMeanwhile({ integration, name }: ConnectionToStore): TenonError {
  return new TenonError('not_found', `The connection ${name} of ${integration} was removed meanwhile.`, {
    hint: 'Go back to the application and connect anew.',
  });
}
