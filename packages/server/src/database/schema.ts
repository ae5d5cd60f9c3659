import type {
  EnvironmentsTable,
  ApiKeysTable,
  BundlesTable,
  DeploymentsTable,
  ActivationsTable,
  ActivationStatesTable,
  ActivationPositionsTable,
  DataRollbacksTable,
  DataKeysTable,
  VariablesTable,
  AuditLogTable,
} from './tables/environment-tables.ts';
import type { ConnectionsTable, ConnectSessionsTable, ConnectAttemptsTable } from './tables/connection-tables.ts';
import type {
  DatasetsTable,
  RecordsTable,
  RecordVersionsTable,
  RunWritesTable,
  QuarantineTable,
  HoldsTable,
  HeldRecordsTable,
  SightingsTable,
} from './tables/record-tables.ts';
import type {
  SyncsTable,
  SyncStatesTable,
  SkippedTicksTable,
  RunsTable,
  RunCapturesTable,
  RunLogsTable,
  LocksTable,
  RateBudgetsTable,
} from './tables/run-tables.ts';
import type { DeviceLoginsTable } from './tables/device-login-tables.ts';
import type { WebhookEndpointsTable, WebhookEventsTable, WebhookDeliveriesTable } from './tables/webhook-tables.ts';

/** The database as Kysely sees it. `bigint` columns arrive as strings; positions and ids are below 2^53 and read as numbers. */
export interface Schema {
  environments: EnvironmentsTable;
  api_keys: ApiKeysTable;
  bundles: BundlesTable;
  deployments: DeploymentsTable;
  activations: ActivationsTable;
  activation_states: ActivationStatesTable;
  activation_positions: ActivationPositionsTable;
  data_rollbacks: DataRollbacksTable;
  connections: ConnectionsTable;
  datasets: DatasetsTable;
  records: RecordsTable;
  record_versions: RecordVersionsTable;
  run_writes: RunWritesTable;
  sightings: SightingsTable;
  quarantine: QuarantineTable;
  holds: HoldsTable;
  held_records: HeldRecordsTable;
  syncs: SyncsTable;
  sync_states: SyncStatesTable;
  skipped_ticks: SkippedTicksTable;
  runs: RunsTable;
  run_logs: RunLogsTable;
  run_captures: RunCapturesTable;
  locks: LocksTable;
  rate_budgets: RateBudgetsTable;
  data_keys: DataKeysTable;
  variables: VariablesTable;
  connect_sessions: ConnectSessionsTable;
  connect_attempts: ConnectAttemptsTable;
  webhook_endpoints: WebhookEndpointsTable;
  webhook_events: WebhookEventsTable;
  webhook_deliveries: WebhookDeliveriesTable;
  device_logins: DeviceLoginsTable;
  audit_log: AuditLogTable;
}
