import type { TriggeredRun } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import type { ApiClient } from '../api-client/api-client.ts';
import { listEverything } from '../api-client/list-everything.ts';

export interface EventForwarding {
  readonly integration: string;
  readonly connection: string;
  readonly event: { readonly headers: Readonly<Record<string, string>>; readonly body: unknown };
  /** Only to these; undefined: to every sync of the connection that takes events. */
  readonly syncs: readonly string[] | undefined;
  readonly signal: AbortSignal;
}

/**
 * Sends an event to the syncs of a connection that have an onWebhook.
 * @returns the runs that process it, at least one
 * @throws TenonError `not_found` when no sync takes it
 */
export async function forwardToSyncs(
  server: Pick<ApiClient, 'listSyncs' | 'forwardEvent'>,
  { integration, connection, event: { headers, body }, syncs, signal }: EventForwarding,
): Promise<TriggeredRun[]> {
  const names = syncs ?? (await listSyncNames(server, { integration, connection, signal }));
  const runs: TriggeredRun[] = [];
  const refusals: TenonError[] = [];
  for (const sync of names) {
    try {
      runs.push(await server.forwardEvent({ integration, connection, sync }, { headers, body }, { signal }));
    } catch (error) {
      // Without an onWebhook, or its script was deleted: what it did stays in the list.
      if (!(error instanceof TenonError) || error.code !== 'not_found') throw error;
      refusals.push(error);
    }
  }
  if (runs.length > 0) return runs;
  const [refusal] = refusals;
  // Of one that was named, the server says what is missing: the connection, the sync or its onWebhook.
  if (refusal !== undefined && syncs !== undefined) throw refusal;
  throw new TenonError(
    'not_found',
    names.length === 0
      ? `${integration} has no connection ${connection} with a sync.`
      : `No sync of ${integration} takes events.`,
    {
      hint:
        names.length === 0
          ? '`tenon connections` lists those that there are.'
          : 'Give one an `onWebhook`, and deploy it; `tenon dev` does when it is saved.',
    },
  );
}

async function listSyncNames(
  server: Pick<ApiClient, 'listSyncs'>,
  { integration, connection, signal }: Pick<EventForwarding, 'integration' | 'connection' | 'signal'>,
): Promise<string[]> {
  const all = await listEverything((page) => server.listSyncs({ ...page, integration, connection }), signal);
  return all.map(({ sync }) => sync);
}
