import type { Integration } from '@tenon/runtime/contract';
import type { ApiClient } from '../api-client/api-client.ts';
import { listEverything } from '../api-client/list-everything.ts';
import { describeMissing, type MissingValue } from './describe-missing.ts';

export interface UnreadyIntegration {
  readonly integration: Integration;
  readonly missing: readonly MissingValue[];
}

/** Integrations of the active deployment that nobody can connect, because something is not configured. */
export async function listUnready(
  server: Pick<ApiClient, 'listIntegrations'>,
  { signal, environment }: { signal: AbortSignal; environment?: string | undefined },
): Promise<UnreadyIntegration[]> {
  const all = await listEverything((page) => server.listIntegrations(page), signal);
  return all.flatMap((integration) => {
    const missing = describeMissing(integration, environment);
    return missing.length === 0 ? [] : [{ integration, missing }];
  });
}
