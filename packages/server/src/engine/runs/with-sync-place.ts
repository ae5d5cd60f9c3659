import type { Transaction } from 'kysely';
import { TenonError } from '@tenon/runtime/errors';
import type { SyncManifest } from '@tenon/runtime/contract';
import type { Schema } from '../../database/schema.ts';
import type { SyncAddress } from '../schedules/sync-address.ts';
import { connectionMissing } from './call-action.ts';
import { functionMissing } from './function-missing.ts';
import type { Manifests } from './manifests.ts';
import { lockSyncPlace, type SyncPlace } from './queries/lock-sync-place.ts';
import type { RunContext } from './run-context.ts';

/** A sync that may be run: locked, declared, and its connection has its authorisation. */
export interface ReadySync {
  readonly transaction: Transaction<Schema>;
  readonly syncId: number | string;
  readonly overlap: NonNullable<SyncPlace['overlap']>;
  readonly version: number;
  readonly definition: SyncManifest;
}

/**
 * Calls `use` in a transaction that has locked a sync of the active version.
 * @throws TenonError `not_found`; `provider_unauthorized` when the customer has to connect again
 */
export function withSyncPlace<Result>(
  context: { run: RunContext; manifests: Manifests },
  { environmentId, integration, connection, sync }: SyncAddress,
  use: (ready: ReadySync) => Promise<Result>,
): Promise<Result> {
  return context.manifests.useActive(environmentId, async (manifest, { fresh }) => {
    const definition = manifest.findFunction('sync', integration, sync);
    if (definition?.kind !== 'sync') {
      if (!fresh) return undefined;
      throw functionMissing(manifest, { kind: 'sync', integration, name: sync });
    }
    return context.run.database.transaction().execute(async (transaction) => {
      const place = await lockSyncPlace(transaction, { environmentId, integration, connection, sync });
      if (place?.active_version !== manifest.version) return undefined;
      if (place.connection_id === null) throw connectionMissing(integration, connection);
      const { sync_id: syncId, overlap } = place;
      if (syncId === null || overlap === null) {
        throw functionMissing(manifest, { kind: 'sync', integration, name: sync });
      }
      if (place.auth_failed) throw reconnectNeeded({ integration, connection, problem: place.auth_failed });
      return use({ transaction, syncId, overlap, version: manifest.version, definition });
    });
  });
}

function reconnectNeeded(options: {
  integration: string;
  connection: string;
  problem: { message?: string | undefined };
}): TenonError {
  const { integration, connection, problem } = options;
  const why = problem.message === undefined ? '' : ` ${problem.message}`;
  return new TenonError(
    'provider_unauthorized',
    `The connection ${connection} of ${integration} lost its authorisation.${why}`,
    {
      hint: 'Let the customer connect again; its syncs are then due at once.',
    },
  );
}
