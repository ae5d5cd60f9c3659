export { actionResultSchema, callActionSchema, type ActionResult } from './api/actions.ts';
export { auditEntrySchema, type AuditEntry } from './api/audit.ts';
export {
  connectAttemptSchema,
  connectedSchema,
  connectFieldSchema,
  connectIntegrationSchema,
  connectSessionSchema,
  connectSessionStateSchema,
  connectThemeSchema,
  connectViewSchema,
  createConnectSessionSchema,
  endUserSchema,
  startAuthorizationSchema,
  submitConnectionSchema,
  type ConnectAttempt,
  type Connected,
  type ConnectField,
  type ConnectIntegration,
  type ConnectSession,
  type ConnectSessionRequest,
  type ConnectSessionState,
  type ConnectTheme,
  type ConnectView,
  type CreateConnectSession,
  type EndUser,
  type StartAuthorization,
  type SubmitConnection,
} from './api/connect.ts';
export {
  connectionExpirySchema,
  connectionProblemSchema,
  connectionSchema,
  connectionTestSchema,
  createConnectionSchema,
  patchConnectionSchema,
  type Connection,
  type ConnectionExpiry,
  type ConnectionProblem,
  type ConnectionTest,
  type CreateConnection,
  type PatchConnection,
} from './api/connections.ts';
export {
  changeClassSchema,
  createDeploymentSchema,
  deploymentSchema,
  plannedChangeSchema,
  planRequestSchema,
  planSchema,
  type ChangeClass,
  type Deployment,
  type Plan,
  type PlannedChange,
} from './api/deployments.ts';
export { errorBodySchema, type ErrorBody } from './api/error-body.ts';
export {
  integrationSchema,
  integrationValueSchema,
  type Integration,
  type IntegrationValue,
} from './api/integrations.ts';
export {
  apiKeySchema,
  apiScopeSchema,
  createApiKeySchema,
  createdApiKeySchema,
  keyRotationSchema,
  type ApiKey,
  type ApiScope,
  type CreateApiKey,
  type CreatedApiKey,
  type KeyRotation,
} from './api/keys.ts';
export { pageLimits, pageOf, pageQuerySchema, type Page } from './api/page.ts';
export {
  changeSchema,
  changesPageSchema,
  recordQuerySchema,
  recordSchema,
  type Change,
  type ChangesPage,
  type StoredRecord,
} from './api/records.ts';
export {
  liveEventSchema,
  logEntrySchema,
  logLevelSchema,
  logQuerySchema,
  runCountsSchema,
  runErrorSchema,
  runQuerySchema,
  runSchema,
  runStatusSchema,
  syncStatusSchema,
  triggeredRunSchema,
  type LiveEvent,
  type LogEntry,
  type LogLevel,
  type Run,
  type RunCounts,
  type RunError,
  type RunStatus,
  type SyncStatus,
  type TriggeredRun,
} from './api/runs.ts';
export { healthSchema, whoamiSchema, type Health, type Whoami } from './api/server-info.ts';
export {
  putVariableSchema,
  variableNameSchema,
  variableSchema,
  type PutVariable,
  type Variable,
} from './api/variables.ts';
export {
  createdWebhookEndpointSchema,
  createWebhookEndpointSchema,
  patchWebhookEndpointSchema,
  webhookDeliverySchema,
  webhookEndpointSchema,
  webhookEventSchema,
  webhookEventTypeSchema,
  type CreatedWebhookEndpoint,
  type CreateWebhookEndpoint,
  type PatchWebhookEndpoint,
  type WebhookDelivery,
  type WebhookEndpoint,
  type WebhookEvent,
  type WebhookEventType,
} from './api/webhooks.ts';
export {
  actionManifestSchema,
  functionManifestSchema,
  integrationManifestSchema,
  manifestSchema,
  providerHooksManifestSchema,
  scheduleSchema,
  syncManifestSchema,
  type ActionManifest,
  type FunctionManifest,
  type IntegrationManifest,
  type Manifest,
  type ProviderHooksManifest,
  type SyncManifest,
} from './manifest.ts';
export {
  bundleHashSchema,
  connectionIdSchema,
  isoTimeSchema,
  modelNameSchema,
  nameSchema,
  providerHookNameSchema,
  type ProviderHookName,
} from './names.ts';
export { connectConfigSchema, type ConnectConfig } from '../define/connect-config.ts';
export { projectConfigSchema, type ProjectConfig, type ProjectConfigInput } from '../define/define-config.ts';
export { parseDuration } from '../define/duration.ts';
export { parseSchedule, type Schedule } from '../define/schedule.ts';
