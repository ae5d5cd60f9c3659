import { healthSchema, whoamiSchema } from '@tenon/runtime/contract';
import type { ApiClient } from './api-client.ts';
import { createHttpTransport, type ServerAddress, type TransportOptions } from './http-transport.ts';
import { createConnectionsApi } from './resources/connections-api.ts';
import { createDeploymentsApi } from './resources/deployments-api.ts';
import { createDeviceLoginApi } from './resources/device-login-api.ts';
import { createEnvironmentsApi } from './resources/environments-api.ts';
import { createKeysApi } from './resources/keys-api.ts';
import { createRecordsApi } from './resources/records-api.ts';
import { createRunsApi } from './resources/runs-api.ts';
import { createSyncsApi } from './resources/syncs-api.ts';
import { createWebhooksApi } from './resources/webhooks-api.ts';

/** The client of one Tenon server. Making it sends nothing. */
export function createApiClient(server: ServerAddress, options: TransportOptions = {}): ApiClient {
  const http = createHttpTransport(server, options);
  return {
    ...createConnectionsApi(http),
    ...createDeploymentsApi(http),
    ...createDeviceLoginApi(http),
    ...createEnvironmentsApi(http),
    ...createKeysApi(http),
    ...createRecordsApi(http),
    ...createRunsApi(http),
    ...createSyncsApi(http),
    ...createWebhooksApi(http),
    url: server.url,
    whoami: (limits) => http.call({ ...limits, method: 'GET', path: ['whoami'] }, whoamiSchema),
    getHealth: (limits) => http.call({ ...limits, method: 'GET', path: ['health'] }, healthSchema),
    getReady: (limits) => http.call({ ...limits, method: 'GET', path: ['ready'] }, healthSchema),
    close: () => http.close(),
  };
}
