import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type {
  ApiScope,
  ConnectionExpiry,
  ConnectionProblem,
  ConnectSessionRequest,
  EndUser,
  ErrorBody,
  FunctionManifest,
  LogLevel,
  Manifest,
  RunCounts,
  RunError,
  RunStatus,
  WebhookEventType,
} from '@tenon/runtime/contract';

/** The database as Kysely sees it. `bigint` columns arrive as strings; positions and ids are below 2^53 and read as numbers. */
type Timestamp = ColumnType<Date, Date | string, Date | string>;
type CreatedAt = ColumnType<Date, Date | string | undefined, never>;
type Json<T extends object> = JSONColumnType<T, T | string, T | string>;

export interface EnvironmentsTable {
  id: Generated<number>;
  name: string;
  active_version: Generated<number>;
  created_at: CreatedAt;
}

export interface ApiKeysTable {
  id: Generated<number>;
  environment_id: number;
  name: string;
  /** What may be shown: the key's first characters. */
  prefix: string;
  /** SHA-256 of the key. */
  hash: Buffer;
  scopes: Generated<ApiScope[]>;
  created_at: CreatedAt;
  expires_at: Timestamp | null;
  revoked_at: Timestamp | null;
  last_used_at: Timestamp | null;
  /** It is (or was until it was replaced) the server's own TENON_API_KEY. */
  configured: Generated<boolean>;
}

export interface BundlesTable {
  hash: string;
  code: string;
  created_at: CreatedAt;
}

export interface DeploymentsTable {
  environment_id: number;
  version: number;
  manifest: Json<Manifest>;
  message: string | null;
  created_at: CreatedAt;
}

export interface ConnectionsTable {
  id: Generated<number>;
  environment_id: number;
  integration: string;
  /** The app's own name of the customer's account. */
  name: string;
  auth_mode: string;
  state: Generated<'active' | 'auth_failed'>;
  config: Json<Record<string, string>>;
  /** Envelope: key id, nonce, AES-256-GCM ciphertext and tag over the credentials as JSON. */
  credentials: Buffer;
  /** The same envelope over the token last obtained with them; null where the mode has none. */
  token: Buffer | null;
  token_expires_at: Timestamp | null;
  /** Grows with every token that is stored. */
  token_version: Generated<number>;
  refreshed_at: Timestamp | null;
  /** When the server renews the token of itself, or looks after a refresh token that lies idle. */
  refresh_at: Timestamp | null;
  /** Set while a provider is asked for a new token. */
  refresh_started_at: Timestamp | null;
  refresh_expires_at: Timestamp | null;
  /** When the connection ends by itself, as was known when the token was stored. */
  expiry: ColumnType<ConnectionExpiry | null, string | null, string | null>;
  problem: ColumnType<ConnectionProblem | null, string | null, string | null>;
  scopes: string[] | null;
  end_user: ColumnType<EndUser | null, string | null, string | null>;
  settings: Json<Record<string, unknown>>;
  metadata: Json<Record<string, unknown>>;
  created_at: CreatedAt;
  updated_at: ColumnType<Date, Date | string | undefined, Date | string>;
}

/** One model of one connection: the unit of the change feed. */
export interface DatasetsTable {
  id: Generated<number>;
  connection_id: number;
  model: string;
  /** The last position given out. Locked by whoever writes, so positions commit in order and readers miss none. */
  position: Generated<number>;
}

export interface RecordsTable {
  dataset_id: number;
  external_id: string;
  data: ColumnType<Record<string, unknown>, string, string>;
  hash: Buffer;
  /** Of the last change, in the dataset's feed. */
  position: number;
  /** Of the change that added it (or brought it back). */
  added_position: number;
  created_at: CreatedAt;
  updated_at: Timestamp;
  deleted_at: Timestamp | null;
}

/** Which ids a run has seen, a row a page: what `deletes: 'absence'` compares with. */
export interface SightingsTable {
  run_id: string;
  attempt: number;
  dataset_id: number;
  external_ids: string[];
}

/** A sync of a connection: its schedule and its cursor. */
export interface SyncsTable {
  id: Generated<number>;
  environment_id: number;
  connection_id: number;
  integration: string;
  sync: string;
  schedule: Json<object> | null;
  paused: Generated<boolean>;
  next_run_at: Timestamp | null;
  /** Not started by its schedule until the customer has connected again. */
  waits_for: 'reconnect' | null;
  cursor: ColumnType<string | number | null, string | null, string | null>;
  /** Grows when a deployment takes the cursor away. */
  cursor_epoch: Generated<number>;
  last_run_id: string | null;
}

export interface RunsTable {
  id: string;
  environment_id: number;
  connection_id: number;
  sync_id: number | null;
  kind: FunctionManifest['kind'];
  integration: string;
  function: string;
  version: number;
  trigger: 'schedule' | 'manual' | 'api' | 'connect' | 'retry';
  status: Generated<RunStatus>;
  /** Grows with every hand-over, so that a page of an earlier executor can be refused. */
  attempt: Generated<number>;
  /** How often the process that executed it disappeared; a graceful hand-over does not count. */
  losses: Generated<number>;
  /** Its sync's when it was queued: a run of an earlier epoch neither reads nor writes the cursor. */
  cursor_epoch: Generated<number>;
  /** When it was due; lateness is started_at - due_at. */
  due_at: Timestamp;
  counts: Json<RunCounts>;
  error: Json<RunError> | null;
  /** The server process that executes it. */
  owner: string | null;
  heartbeat_at: Timestamp | null;
  cancel_requested: Generated<boolean>;
  created_at: CreatedAt;
  started_at: Timestamp | null;
  finished_at: Timestamp | null;
}

export interface RunLogsTable {
  id: Generated<number>;
  environment_id: number;
  run_id: string;
  at: Timestamp;
  level: LogLevel;
  message: string;
  data: Json<Record<string, unknown>> | null;
}

export interface DataKeysTable {
  /** First four bytes of the key's SHA-256. */
  id: Buffer;
  /** The key, encrypted with the server's own. */
  wrapped: Buffer;
  created_at: CreatedAt;
}

export interface VariablesTable {
  id: Generated<number>;
  environment_id: number;
  name: string;
  /** Envelope. */
  value: Buffer;
  updated_at: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface ConnectSessionsTable {
  id: Generated<number>;
  environment_id: number;
  token_hash: Buffer;
  /** As the app asked for it. */
  request: Json<ConnectSessionRequest>;
  created_at: CreatedAt;
  expires_at: Timestamp;
}

export interface ConnectAttemptsTable {
  id: string;
  /** The place of its envelope. */
  row_id: Generated<number>;
  session_id: number;
  environment_id: number;
  integration: string;
  connection: string;
  config: Json<Record<string, string>>;
  settings: ColumnType<Record<string, unknown> | null, string | null, string | null>;
  state_hash: Buffer;
  /** Of the cookie of the browser that was sent away. */
  browser_hash: Buffer;
  /** Envelope over the provider's address and what is needed when the browser comes back; null when it is over. */
  pending: Buffer | null;
  status: Generated<'pending' | 'succeeded' | 'failed'>;
  error: ColumnType<ErrorBody['error'] | null, string | null, string | null>;
  created_at: CreatedAt;
  expires_at: Timestamp;
  /** When the browser came back: its code is exchanged once, whatever comes after. */
  claimed_at: Timestamp | null;
  finished_at: Timestamp | null;
}

export interface WebhookEndpointsTable {
  id: Generated<number>;
  environment_id: number;
  url: string;
  /** Empty: all. */
  events: WebhookEventType[];
  description: string | null;
  /** Envelope. */
  secret: Buffer;
  previous_secret: Buffer | null;
  previous_secret_expires_at: Timestamp | null;
  disabled: Generated<boolean>;
  created_at: CreatedAt;
}

export interface WebhookEventsTable {
  id: string;
  environment_id: number;
  type: WebhookEventType;
  data: Json<Record<string, unknown>>;
  created_at: CreatedAt;
}

export interface WebhookDeliveriesTable {
  id: Generated<number>;
  event_id: string;
  endpoint_id: number;
  status: Generated<'pending' | 'delivered' | 'failed'>;
  attempts: Generated<number>;
  next_attempt_at: Timestamp | null;
  last_status: number | null;
  last_error: string | null;
  created_at: CreatedAt;
  delivered_at: Timestamp | null;
}

export interface AuditLogTable {
  id: Generated<number>;
  environment_id: number;
  at: CreatedAt;
  actor_kind: 'api_key' | 'connect_session' | 'system';
  actor_id: string | null;
  actor_name: string | null;
  action: string;
  subject: string | null;
  details: Json<Record<string, unknown>>;
  address: string | null;
  request_id: string | null;
}

export interface Schema {
  environments: EnvironmentsTable;
  api_keys: ApiKeysTable;
  bundles: BundlesTable;
  deployments: DeploymentsTable;
  connections: ConnectionsTable;
  datasets: DatasetsTable;
  records: RecordsTable;
  sightings: SightingsTable;
  syncs: SyncsTable;
  runs: RunsTable;
  run_logs: RunLogsTable;
  data_keys: DataKeysTable;
  variables: VariablesTable;
  connect_sessions: ConnectSessionsTable;
  connect_attempts: ConnectAttemptsTable;
  webhook_endpoints: WebhookEndpointsTable;
  webhook_events: WebhookEventsTable;
  webhook_deliveries: WebhookDeliveriesTable;
  audit_log: AuditLogTable;
}
