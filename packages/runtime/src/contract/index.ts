export { actionResultSchema, callActionSchema, type ActionResult } from './api/actions.ts';
export {
  connectionSchema,
  createConnectionSchema,
  patchConnectionSchema,
  type Connection,
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
export { integrationSchema, type Integration } from './api/integrations.ts';
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
  actionManifestSchema,
  functionManifestSchema,
  manifestSchema,
  scheduleSchema,
  syncManifestSchema,
  type ActionManifest,
  type FunctionManifest,
  type Manifest,
  type SyncManifest,
} from './manifest.ts';
export { bundleHashSchema, connectionIdSchema, isoTimeSchema, modelNameSchema, nameSchema } from './names.ts';
export { projectConfigSchema, type ProjectConfig, type ProjectConfigInput } from '../define/define-config.ts';
export { parseDuration } from '../define/duration.ts';
export { parseSchedule, type Schedule } from '../define/schedule.ts';
