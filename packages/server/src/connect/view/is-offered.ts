import type { ConnectSessionRequest } from '@tenon/runtime/contract';

/** Whether a session is for an integration; one that renews a connection is for nothing else. */
export function isOffered({ reconnect, integrations }: ConnectSessionRequest, integration: string): boolean {
  if (reconnect) return reconnect.integration === integration;
  return integrations === undefined || integrations.includes(integration);
}
