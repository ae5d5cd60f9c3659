import { TenonError } from '@tenon/runtime/errors';

/** A sync of a connection, as the outside names it. */
export interface SyncAddress {
  readonly environmentId: number;
  readonly integration: string;
  readonly connection: string;
  readonly sync: string;
}

export function syncMissing({ integration, connection, sync }: SyncAddress): TenonError {
  return new TenonError('not_found', `The connection ${connection} of ${integration} has no sync ${sync}.`, {
    hint: 'GET /v1/syncs lists the syncs of a connection.',
  });
}
