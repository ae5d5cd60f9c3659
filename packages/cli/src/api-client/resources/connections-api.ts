import {
  actionResultSchema,
  connectionSchema,
  connectionTestSchema,
  connectSessionSchema,
  connectSessionStateSchema,
  dryRunResultSchema,
  integrationSchema,
  pageOf,
  type ActionResult,
  type ConnectSession,
  type ConnectSessionState,
  type Connection,
  type ConnectionTest,
  type CreateConnectSession,
  type CreateConnection,
  type DryRunRequest,
  type DryRunResult,
  type Integration,
  type Page,
  type PatchConnection,
} from '@tenon/runtime/contract';
import { pathOf, type CallLimits, type ConnectionRef, type PageRequest } from '../call-limits.ts';
import { anything, type HttpTransport } from '../http-transport.ts';

/** The server waits for a provider, which may be slow. */
const providerTimeoutMs = 90_000;
/** An action answers when its run ends; its own deadline is the server's matter. */
const actionTimeoutMs = 3_700_000;

/** The routes of what is connected, what connects, and what is called there. */
export interface ConnectionsApi {
  /** Of the active deployment. */
  listIntegrations(page?: PageRequest): Promise<Page<Integration>>;
  listConnections(page?: PageRequest): Promise<Page<Connection>>;
  getConnection(ref: ConnectionRef, limits?: CallLimits): Promise<Connection>;
  createConnection(connection: CreateConnection, limits?: CallLimits): Promise<Connection>;
  patchConnection(ref: ConnectionRef, patch: PatchConnection, limits?: CallLimits): Promise<Connection>;
  /** Tries the credentials at the provider. */
  testConnection(ref: ConnectionRef, limits?: CallLimits): Promise<ConnectionTest>;
  /** Obtains a new token now. */
  refreshConnection(ref: ConnectionRef, limits?: CallLimits): Promise<Connection>;
  deleteConnection(ref: ConnectionRef, limits?: CallLimits): Promise<void>;
  createConnectSession(session: CreateConnectSession, limits?: CallLimits): Promise<ConnectSession>;
  getConnectSession(id: string, limits?: CallLimits): Promise<ConnectSessionState>;
  /** Nothing can be connected with its token any more. */
  deleteConnectSession(id: string, limits?: CallLimits): Promise<void>;
  callAction(ref: ConnectionRef & { action: string }, input: unknown, limits?: CallLimits): Promise<ActionResult>;
  /** Runs a function with the connection's credentials; the server keeps nothing of it. */
  dryRun(ref: ConnectionRef, request: DryRunRequest, limits?: CallLimits): Promise<DryRunResult>;
}

export function createConnectionsApi(http: HttpTransport): ConnectionsApi {
  return {
    listIntegrations: ({ cursor, limit, ...limits } = {}) =>
      http.call(
        { ...limits, method: 'GET', path: ['integrations'], query: { cursor, limit } },
        pageOf(integrationSchema),
      ),
    listConnections: ({ cursor, limit, ...limits } = {}) =>
      http.call(
        { ...limits, method: 'GET', path: ['connections'], query: { cursor, limit } },
        pageOf(connectionSchema),
      ),
    getConnection: (ref, limits) => http.call({ ...limits, method: 'GET', path: pathOf(ref) }, connectionSchema),
    createConnection: (connection, limits) =>
      http.call({ ...limits, method: 'POST', path: ['connections'], body: connection }, connectionSchema),
    patchConnection: (ref, patch, limits) =>
      http.call({ ...limits, method: 'PATCH', path: pathOf(ref), body: patch }, connectionSchema),
    testConnection: (ref, limits) =>
      http.call(
        { timeoutMs: providerTimeoutMs, ...limits, method: 'POST', path: [...pathOf(ref), 'test'] },
        connectionTestSchema,
      ),
    refreshConnection: (ref, limits) =>
      http.call(
        { timeoutMs: providerTimeoutMs, ...limits, method: 'POST', path: [...pathOf(ref), 'refresh'] },
        connectionSchema,
      ),
    async deleteConnection(ref, limits) {
      await http.call({ ...limits, method: 'DELETE', path: pathOf(ref) }, anything);
    },
    createConnectSession: (session, limits) =>
      http.call({ ...limits, method: 'POST', path: ['connect', 'sessions'], body: session }, connectSessionSchema),
    getConnectSession: (id, limits) =>
      http.call({ ...limits, method: 'GET', path: ['connect', 'sessions', id] }, connectSessionStateSchema),
    async deleteConnectSession(id, limits) {
      await http.call({ ...limits, method: 'DELETE', path: ['connect', 'sessions', id] }, anything);
    },
    callAction: (ref, input, limits) =>
      http.call(
        {
          timeoutMs: actionTimeoutMs,
          ...limits,
          method: 'POST',
          path: [...pathOf(ref), 'actions', ref.action],
          body: { input },
        },
        actionResultSchema,
      ),
    dryRun: (ref, request, limits) =>
      http.call(
        {
          timeoutMs: (request.timeoutMs ?? 120_000) + providerTimeoutMs,
          ...limits,
          method: 'POST',
          path: [...pathOf(ref), 'dry-runs'],
          body: request,
        },
        dryRunResultSchema,
      ),
  };
}
