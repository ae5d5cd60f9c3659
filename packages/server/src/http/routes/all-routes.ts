import type { Route } from '../route/route.ts';
import { callActionRoute } from './actions/call-action.ts';
import { listAuditLogRoute } from './audit/list-audit-log.ts';
import { createConnectSessionRoute } from './connect/create-session.ts';
import { deleteConnectSessionRoute } from './connect/delete-session.ts';
import { getConnectAttemptRoute } from './connect/get-attempt.ts';
import { getConnectSessionRoute } from './connect/get-session.ts';
import { getConnectSessionStateRoute } from './connect/get-session-state.ts';
import { startConnectAttemptRoute } from './connect/start-attempt.ts';
import { submitConnectionRoute } from './connect/submit-connection.ts';
import { createConnectionRoute } from './connections/create-connection.ts';
import { deleteConnectionRoute } from './connections/delete-connection.ts';
import { getConnectionRoute } from './connections/get-connection.ts';
import { listConnectionsRoute } from './connections/list-connections.ts';
import { patchConnectionRoute } from './connections/patch-connection.ts';
import { refreshConnectionRoute } from './connections/refresh-connection.ts';
import { testConnectionRoute } from './connections/test-connection.ts';
import { activateDeploymentRoute } from './deployments/activate-deployment.ts';
import { createDeploymentRoute } from './deployments/create-deployment.ts';
import { listDeploymentsRoute } from './deployments/list-deployments.ts';
import { getBundleRoute } from './deployments/get-bundle.ts';
import { getManifestRoute } from './deployments/get-manifest.ts';
import { planDeploymentRoute } from './deployments/plan-deployment.ts';
import { planRollbackRoute } from './deployments/plan-rollback.ts';
import { planVersionRoute } from './deployments/plan-version.ts';
import { putBundleRoute } from './deployments/put-bundle.ts';
import { rollBackRoute } from './deployments/roll-back.ts';
import { approveDeviceLoginRoute } from './device/approve-device-login.ts';
import { collectDeviceKeyRoute } from './device/collect-device-key.ts';
import { denyDeviceLoginRoute } from './device/deny-device-login.ts';
import { getDeviceLoginRoute } from './device/get-device-login.ts';
import { startDeviceLoginRoute } from './device/start-device-login.ts';
import { createDryRunRoute } from './dry-runs/create-dry-run.ts';
import { streamEventsRoute } from './events/stream-events.ts';
import { approveHoldRoute } from './holds/approve-hold.ts';
import { discardHoldRoute } from './holds/discard-hold.ts';
import { getHoldRoute } from './holds/get-hold.ts';
import { listHoldsRoute } from './holds/list-holds.ts';
import { listIntegrationsRoute } from './integrations/list-integrations.ts';
import { createKeyRoute } from './keys/create-key.ts';
import { getEncryptionRoute } from './keys/get-encryption.ts';
import { listKeysRoute } from './keys/list-keys.ts';
import { createEnvironmentRoute } from './environments/create-environment.ts';
import { deleteEnvironmentRoute } from './environments/delete-environment.ts';
import { extendPreviewRoute } from './environments/extend-preview.ts';
import { getEnvironmentRoute } from './environments/get-environment.ts';
import { listEnvironmentsRoute } from './environments/list-environments.ts';
import { putPreviewRoute } from './environments/put-preview.ts';
import { revokeKeyRoute } from './keys/revoke-key.ts';
import { revokeOwnKeyRoute } from './keys/revoke-own-key.ts';
import { rotateEncryptionRoute } from './keys/rotate-encryption.ts';
import { deleteQuarantinedRoute } from './quarantine/delete-quarantined.ts';
import { getQuarantinedRoute } from './quarantine/get-quarantined.ts';
import { listQuarantineRoute } from './quarantine/list-quarantine.ts';
import { exportRecordsRoute } from './records/export-records.ts';
import { getRecordHistoryRoute } from './records/get-record-history.ts';
import { getRecordRoute } from './records/get-record.ts';
import { listChangesRoute } from './records/list-changes.ts';
import { listRecordsRoute } from './records/list-records.ts';
import { pruneRecordsRoute } from './records/prune-records.ts';
import { cancelRunRoute } from './runs/cancel-run.ts';
import { forwardEventRoute } from './runs/forward-event.ts';
import { getCaptureRoute } from './runs/get-capture.ts';
import { getRunRoute } from './runs/get-run.ts';
import { listLogsRoute } from './runs/list-logs.ts';
import { listRunChangesRoute } from './runs/list-run-changes.ts';
import { listRunDifferencesRoute } from './runs/list-run-differences.ts';
import { listRunsRoute } from './runs/list-runs.ts';
import { retryRunRoute } from './runs/retry-run.ts';
import { undoRunRoute } from './runs/undo-run.ts';
import { getHealthRoute } from './server/get-health.ts';
import { getReadyRoute } from './server/get-ready.ts';
import { getWhoamiRoute } from './server/get-whoami.ts';
import { backfillSyncRoute } from './syncs/backfill-sync.ts';
import { listSyncsRoute } from './syncs/list-syncs.ts';
import { listSyncStatesRoute } from './syncs/list-sync-states.ts';
import { listTicksRoute } from './syncs/list-ticks.ts';
import { pauseSyncRoute } from './syncs/pause-sync.ts';
import { replayQuarantineRoute } from './syncs/replay-quarantine.ts';
import { resumeSyncRoute } from './syncs/resume-sync.ts';
import { setScheduleRoute } from './syncs/set-schedule.ts';
import { triggerSyncRoute } from './syncs/trigger-sync.ts';
import { deleteVariableRoute } from './variables/delete-variable.ts';
import { listVariablesRoute } from './variables/list-variables.ts';
import { putVariableRoute } from './variables/put-variable.ts';
import { listViewsRoute } from './views/list-views.ts';
import { createEndpointRoute } from './webhooks/create-endpoint.ts';
import { deleteEndpointRoute } from './webhooks/delete-endpoint.ts';
import { getEndpointRoute } from './webhooks/get-endpoint.ts';
import { listDeliveriesRoute } from './webhooks/list-deliveries.ts';
import { listEndpointsRoute } from './webhooks/list-endpoints.ts';
import { patchEndpointRoute } from './webhooks/patch-endpoint.ts';
import { replayDeliveryRoute } from './webhooks/replay-delivery.ts';
import { rotateSecretRoute } from './webhooks/rotate-secret.ts';

/** The REST API, in the order of its document. */
export const allRoutes: readonly Route[] = [
  getHealthRoute,
  getReadyRoute,
  getWhoamiRoute,
  listIntegrationsRoute,
  createConnectSessionRoute,
  getConnectSessionStateRoute,
  deleteConnectSessionRoute,
  getConnectSessionRoute,
  submitConnectionRoute,
  startConnectAttemptRoute,
  getConnectAttemptRoute,
  createConnectionRoute,
  listConnectionsRoute,
  getConnectionRoute,
  patchConnectionRoute,
  refreshConnectionRoute,
  testConnectionRoute,
  deleteConnectionRoute,
  listRecordsRoute,
  exportRecordsRoute,
  pruneRecordsRoute,
  getRecordRoute,
  getRecordHistoryRoute,
  listChangesRoute,
  listViewsRoute,
  listHoldsRoute,
  getHoldRoute,
  approveHoldRoute,
  discardHoldRoute,
  listQuarantineRoute,
  getQuarantinedRoute,
  deleteQuarantinedRoute,
  replayQuarantineRoute,
  callActionRoute,
  listSyncsRoute,
  triggerSyncRoute,
  forwardEventRoute,
  pauseSyncRoute,
  resumeSyncRoute,
  setScheduleRoute,
  backfillSyncRoute,
  listTicksRoute,
  listSyncStatesRoute,
  listRunsRoute,
  getRunRoute,
  getCaptureRoute,
  cancelRunRoute,
  retryRunRoute,
  listRunChangesRoute,
  listRunDifferencesRoute,
  undoRunRoute,
  createDryRunRoute,
  listLogsRoute,
  streamEventsRoute,
  putBundleRoute,
  planDeploymentRoute,
  createDeploymentRoute,
  listDeploymentsRoute,
  activateDeploymentRoute,
  getManifestRoute,
  planVersionRoute,
  planRollbackRoute,
  rollBackRoute,
  getBundleRoute,
  listEnvironmentsRoute,
  createEnvironmentRoute,
  getEnvironmentRoute,
  putPreviewRoute,
  extendPreviewRoute,
  deleteEnvironmentRoute,
  listVariablesRoute,
  putVariableRoute,
  deleteVariableRoute,
  listKeysRoute,
  createKeyRoute,
  revokeOwnKeyRoute,
  revokeKeyRoute,
  startDeviceLoginRoute,
  collectDeviceKeyRoute,
  getDeviceLoginRoute,
  approveDeviceLoginRoute,
  denyDeviceLoginRoute,
  getEncryptionRoute,
  rotateEncryptionRoute,
  listAuditLogRoute,
  createEndpointRoute,
  listEndpointsRoute,
  getEndpointRoute,
  patchEndpointRoute,
  rotateSecretRoute,
  deleteEndpointRoute,
  listDeliveriesRoute,
  replayDeliveryRoute,
];
