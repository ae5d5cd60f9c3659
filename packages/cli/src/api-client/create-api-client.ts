import {
  actionResultSchema,
  apiKeySchema,
  auditEntrySchema,
  connectionSchema,
  connectionTestSchema,
  connectSessionSchema,
  connectSessionStateSchema,
  createdApiKeySchema,
  createdEnvironmentSchema,
  createdWebhookEndpointSchema,
  deployedManifestSchema,
  deploymentSchema,
  dryRunResultSchema,
  environmentSchema,
  healthSchema,
  integrationSchema,
  keyRotationSchema,
  logEntrySchema,
  pageOf,
  planSchema,
  rollbackPlanSchema,
  rolledBackSchema,
  runCaptureSchema,
  runSchema,
  syncStateSchema,
  storedPreviewSchema,
  syncStatusSchema,
  tickSchema,
  triggeredRunSchema,
  variableSchema,
  webhookDeliverySchema,
  webhookEndpointSchema,
  whoamiSchema,
} from '@tenon/runtime/contract';
import { z } from 'zod';
import type { ApiClient, ConnectionRef } from './api-client.ts';
import { createDeviceLoginApi } from './create-device-login-api.ts';
import { createRecordsApi } from './create-records-api.ts';
import { createHttpTransport, type ServerAddress, type TransportOptions } from './http-transport.ts';
import { openLiveEvents } from './open-live-events.ts';
import { text as readText } from 'node:stream/consumers';

/** Plans read the whole state, and a server that has just started may be busy. */
const deploymentTimeoutMs = 120_000;
/** Records are taken back before it answers. Asked again, it goes on. */
const rollbackTimeoutMs = 3_600_000;
/** The server waits for a provider, which may be slow. */
const providerTimeoutMs = 90_000;
/** An action answers when its run ends; its own deadline is the server's matter. */
const actionTimeoutMs = 3_700_000;

const endpoints = ['webhooks', 'endpoints'];
const versionPath = (version: number) => ['deployments', String(version)];

/** For routes whose answer nobody reads. */
const anything = z.unknown();

/** The client of one Tenon server. Making it sends nothing. */
export function createApiClient(server: ServerAddress, options: TransportOptions = {}): ApiClient {
  const http = createHttpTransport(server, options);
  const pathOf = (ref: ConnectionRef) => ['connections', ref.integration, ref.connection];

  return {
    ...createRecordsApi(http),
    ...createDeviceLoginApi(http),
    url: server.url,
    whoami: (limits) => http.call({ ...limits, method: 'GET', path: ['whoami'] }, whoamiSchema),

    getHealth: (limits) => http.call({ ...limits, method: 'GET', path: ['health'] }, healthSchema),
    getReady: (limits) => http.call({ ...limits, method: 'GET', path: ['ready'] }, healthSchema),

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

    listWebhookEndpoints: ({ cursor, limit, ...limits } = {}) =>
      http.call({ ...limits, method: 'GET', path: endpoints, query: { cursor, limit } }, pageOf(webhookEndpointSchema)),
    createWebhookEndpoint: (endpoint, limits) =>
      http.call({ ...limits, method: 'POST', path: endpoints, body: endpoint }, createdWebhookEndpointSchema),
    async deleteWebhookEndpoint(id, limits) {
      await http.call({ ...limits, method: 'DELETE', path: [...endpoints, String(id)] }, anything);
    },
    rotateWebhookSecret: (id, limits) =>
      http.call(
        { ...limits, method: 'POST', path: [...endpoints, String(id), 'rotate-secret'] },
        createdWebhookEndpointSchema,
      ),
    listWebhookDeliveries: ({ signal, timeoutMs, ...query } = {}) =>
      http.call(
        { ...limitsOf(signal, timeoutMs), method: 'GET', path: ['webhooks', 'deliveries'], query },
        pageOf(webhookDeliverySchema),
      ),
    replayWebhookDelivery: (id, limits) =>
      http.call(
        { ...limits, method: 'POST', path: ['webhooks', 'deliveries', String(id), 'replay'] },
        webhookDeliverySchema,
      ),

    listSyncs: ({ signal, timeoutMs, ...query } = {}) =>
      http.call({ ...limitsOf(signal, timeoutMs), method: 'GET', path: ['syncs'], query }, pageOf(syncStatusSchema)),
    triggerSync: (ref, limits) =>
      http.call(
        { ...limits, method: 'POST', path: [...pathOf(ref), 'syncs', ref.sync, 'trigger'] },
        triggeredRunSchema,
      ),
    forwardEvent: (ref, event, limits) =>
      http.call(
        { ...limits, method: 'POST', path: [...pathOf(ref), 'syncs', ref.sync, 'events'], body: event },
        triggeredRunSchema,
      ),
    async pauseSync(ref, limits) {
      await http.call({ ...limits, method: 'POST', path: [...pathOf(ref), 'syncs', ref.sync, 'pause'] }, anything);
    },
    async resumeSync(ref, limits) {
      await http.call({ ...limits, method: 'POST', path: [...pathOf(ref), 'syncs', ref.sync, 'resume'] }, anything);
    },
    setSchedule: (ref, schedule, limits) =>
      http.call(
        { ...limits, method: 'PUT', path: [...pathOf(ref), 'syncs', ref.sync, 'schedule'], body: { schedule } },
        syncStatusSchema,
      ),
    backfillSync: (ref, range, limits) =>
      http.call(
        { ...limits, method: 'POST', path: [...pathOf(ref), 'syncs', ref.sync, 'backfill'], body: range },
        runSchema,
      ),
    listTicks: (ref, { signal, timeoutMs, ...query } = {}) =>
      http.call(
        {
          ...limitsOf(signal, timeoutMs),
          method: 'GET',
          path: [...pathOf(ref), 'syncs', ref.sync, 'ticks'],
          query,
        },
        pageOf(tickSchema),
      ),
    listSyncStates: (ref, { signal, timeoutMs, ...query } = {}) =>
      http.call(
        {
          ...limitsOf(signal, timeoutMs),
          method: 'GET',
          path: [...pathOf(ref), 'syncs', ref.sync, 'states'],
          query,
        },
        pageOf(syncStateSchema),
      ),

    listRuns: ({ signal, timeoutMs, ...query } = {}) =>
      http.call({ ...limitsOf(signal, timeoutMs), method: 'GET', path: ['runs'], query }, pageOf(runSchema)),
    getRun: (id, limits) => http.call({ ...limits, method: 'GET', path: ['runs', id] }, runSchema),
    getCapture: (id, limits) =>
      http.call({ ...limits, method: 'GET', path: ['runs', id, 'capture'] }, runCaptureSchema),
    async cancelRun(id, limits) {
      await http.call({ ...limits, method: 'POST', path: ['runs', id, 'cancel'] }, anything);
    },
    retryRun: (id, limits) => http.call({ ...limits, method: 'POST', path: ['runs', id, 'retry'] }, triggeredRunSchema),
    listLogs: ({ signal, timeoutMs, ...query } = {}) =>
      http.call({ ...limitsOf(signal, timeoutMs), method: 'GET', path: ['logs'], query }, pageOf(logEntrySchema)),
    openEvents: ({ signal }) => openLiveEvents(http, signal),

    planDeployment: (manifest, limits) =>
      http.call(
        {
          timeoutMs: deploymentTimeoutMs,
          ...limits,
          method: 'POST',
          path: ['deployments', 'plan'],
          body: { manifest },
          isRepeatable: true,
        },
        planSchema,
      ),
    async uploadBundle(hash, code, limits) {
      await http.call(
        {
          timeoutMs: deploymentTimeoutMs,
          ...limits,
          method: 'PUT',
          path: ['bundles', hash],
          body: code,
          contentType: 'text/plain',
        },
        anything,
      );
    },
    createDeployment: (deployment, limits) =>
      http.call(
        { timeoutMs: deploymentTimeoutMs, ...limits, method: 'POST', path: ['deployments'], body: deployment },
        deploymentSchema,
      ),
    listDeployments: ({ cursor, limit, externalId, ...limits } = {}) =>
      http.call(
        { ...limits, method: 'GET', path: ['deployments'], query: { cursor, limit, externalId } },
        pageOf(deploymentSchema),
      ),
    getManifest: (version, limits) =>
      http.call(
        { timeoutMs: deploymentTimeoutMs, ...limits, method: 'GET', path: [...versionPath(version), 'manifest'] },
        deployedManifestSchema,
      ),
    async getBundle(hash, limits) {
      const call = { timeoutMs: deploymentTimeoutMs, ...limits, method: 'GET' as const, path: ['bundles', hash] };
      return readText(await http.open({ ...call, accept: 'text/plain' }));
    },
    planVersion: (version, { from, ...limits } = {}) =>
      http.call(
        {
          timeoutMs: deploymentTimeoutMs,
          ...limits,
          method: 'GET',
          path: [...versionPath(version), 'plan'],
          query: { from },
        },
        planSchema,
      ),
    planRollback: (version, { data, ...limits }) =>
      http.call(
        {
          timeoutMs: deploymentTimeoutMs,
          ...limits,
          method: 'GET',
          path: [...versionPath(version), 'rollback'],
          query: { data },
        },
        rollbackPlanSchema,
      ),
    rollBack: (version, rollback, limits) =>
      http.call(
        {
          timeoutMs: rollbackTimeoutMs,
          ...limits,
          method: 'POST',
          path: [...versionPath(version), 'rollback'],
          body: rollback,
        },
        rolledBackSchema,
      ),
    activateDeployment: (version, limits) =>
      http.call({ ...limits, method: 'POST', path: ['deployments', String(version), 'activate'] }, deploymentSchema),

    listEnvironments: ({ cursor, limit, ...limits } = {}) =>
      http.call(
        { ...limits, method: 'GET', path: ['environments'], query: { cursor, limit } },
        pageOf(environmentSchema),
      ),
    getEnvironment: (name, limits) =>
      http.call({ ...limits, method: 'GET', path: ['environments', name] }, environmentSchema),
    putPreview: (name, body, limits) =>
      http.call({ ...limits, method: 'PUT', path: ['environments', name], body }, storedPreviewSchema),
    extendPreview: (name, body, limits) =>
      http.call({ ...limits, method: 'POST', path: ['environments', name, 'extend'], body }, environmentSchema),
    async deleteEnvironment(name, limits) {
      await http.call({ ...limits, method: 'DELETE', path: ['environments', name] }, anything);
    },
    createEnvironment: (body, limits) =>
      http.call({ ...limits, method: 'POST', path: ['environments'], body }, createdEnvironmentSchema),

    listVariables: ({ cursor, limit, ...limits } = {}) =>
      http.call({ ...limits, method: 'GET', path: ['variables'], query: { cursor, limit } }, pageOf(variableSchema)),
    putVariable: (name, value, limits) =>
      http.call({ ...limits, method: 'PUT', path: ['variables', name], body: { value } }, variableSchema),
    async deleteVariable(name, limits) {
      await http.call({ ...limits, method: 'DELETE', path: ['variables', name] }, anything);
    },

    listKeys: ({ cursor, limit, ...limits } = {}) =>
      http.call({ ...limits, method: 'GET', path: ['keys'], query: { cursor, limit } }, pageOf(apiKeySchema)),
    createKey: (key, limits) =>
      http.call({ ...limits, method: 'POST', path: ['keys'], body: key }, createdApiKeySchema),
    async revokeKey(id, limits) {
      await http.call({ ...limits, method: 'DELETE', path: ['keys', String(id)] }, anything);
    },
    getEncryption: (limits) => http.call({ ...limits, method: 'GET', path: ['keys', 'encryption'] }, keyRotationSchema),
    rotateEncryption: (limits) =>
      http.call({ ...limits, method: 'POST', path: ['keys', 'encryption', 'rotate'] }, keyRotationSchema),

    listAuditLog: ({ signal, timeoutMs, ...query } = {}) =>
      http.call(
        { ...limitsOf(signal, timeoutMs), method: 'GET', path: ['audit-log'], query },
        pageOf(auditEntrySchema),
      ),

    close: () => http.close(),
  };
}

function limitsOf(signal: AbortSignal | undefined, timeoutMs: number | undefined) {
  return { ...(signal && { signal }), ...(timeoutMs !== undefined && { timeoutMs }) };
}
