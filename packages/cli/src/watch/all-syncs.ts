import type { SyncStatus } from '@tenon/runtime/contract';
import type { ApiClient } from '../api-client/api-client.ts';

/** Every sync of every connection. */
export async function listAllSyncs(server: Pick<ApiClient, 'listSyncs'>, signal: AbortSignal): Promise<SyncStatus[]> {
  const syncs: SyncStatus[] = [];
  let cursor: string | undefined;
  do {
    const page = await server.listSyncs({ cursor, limit: 1_000, signal });
    syncs.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return syncs;
}
