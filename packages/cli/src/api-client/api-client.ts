import type {
  ActionResult,
  ApiKey,
  AuditEntry,
  Connection,
  ConnectionTest,
  ConnectSession,
  ConnectSessionState,
  CreateApiKey,
  CreateConnection,
  CreateConnectSession,
  CreatedEnvironment,
  CreateEnvironment,
  CreatedApiKey,
  CreatedWebhookEndpoint,
  CreateWebhookEndpoint,
  DeployedManifest,
  Deployment,
  DeploymentSource,
  Environment,
  ExtendPreview,
  Health,
  DryRunRequest,
  DryRunResult,
  Integration,
  KeyRotation,
  LiveEvent,
  LogEntry,
  LogKind,
  LogLevel,
  Manifest,
  Page,
  PatchConnection,
  Plan,
  PutPreview,
  RollbackPlan,
  RolledBack,
  Run,
  RunCapture,
  RunStatus,
  SyncState,
  StoredPreview,
  SyncStatus,
  Tick,
  TriggeredRun,
  Variable,
  WebhookDelivery,
  WebhookEndpoint,
  Whoami,
} from '@tenon/runtime/contract';
import type { DeviceLoginApi } from './device-login-api.ts';
import type { RecordsApi } from './records-api.ts';

export interface CallLimits {
  readonly signal?: AbortSignal;
  /** Milliseconds until the whole answer must be there. */
  readonly timeoutMs?: number;
}

export interface PageRequest extends CallLimits {
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

/** An account, as addresses name it. */
export interface ConnectionRef {
  readonly integration: string;
  readonly connection: string;
}

/** What narrows a list of log lines. */
export interface LogFilter {
  readonly runId?: string | undefined;
  readonly level?: LogLevel | undefined;
  readonly kind?: LogKind | undefined;
  readonly search?: string | undefined;
  readonly integration?: string | undefined;
  readonly connection?: string | undefined;
  readonly function?: string | undefined;
  /** ISO 8601 time. */
  readonly after?: string | undefined;
}

/** The routes of a Tenon server that the command line uses. Every method throws TenonError. */
export interface ApiClient extends RecordsApi, DeviceLoginApi {
  readonly url: string;
  whoami(limits?: CallLimits): Promise<Whoami>;
  /** The process answers. */
  getHealth(limits?: CallLimits): Promise<Health>;
  /** Its database answers too. @throws TenonError `unavailable` */
  getReady(limits?: CallLimits): Promise<Health>;

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

  listWebhookEndpoints(page?: PageRequest): Promise<Page<WebhookEndpoint>>;
  createWebhookEndpoint(endpoint: CreateWebhookEndpoint, limits?: CallLimits): Promise<CreatedWebhookEndpoint>;
  deleteWebhookEndpoint(id: number, limits?: CallLimits): Promise<void>;
  /** For a day both secrets sign. */
  rotateWebhookSecret(id: number, limits?: CallLimits): Promise<CreatedWebhookEndpoint>;
  /** Newest first. */
  listWebhookDeliveries(
    page?: PageRequest & { endpointId?: number | undefined; status?: WebhookDelivery['status'] | undefined },
  ): Promise<Page<WebhookDelivery>>;
  replayWebhookDelivery(id: number, limits?: CallLimits): Promise<WebhookDelivery>;

  listSyncs(
    page?: PageRequest & { integration?: string | undefined; connection?: string | undefined },
  ): Promise<Page<SyncStatus>>;
  triggerSync(ref: ConnectionRef & { sync: string }, limits?: CallLimits): Promise<TriggeredRun>;
  /** Hands an event of the provider to the sync's onWebhook. */
  forwardEvent(
    ref: ConnectionRef & { sync: string },
    event: { readonly headers: Readonly<Record<string, string>>; readonly body: unknown },
    limits?: CallLimits,
  ): Promise<TriggeredRun>;
  pauseSync(ref: ConnectionRef & { sync: string }, limits?: CallLimits): Promise<void>;
  resumeSync(ref: ConnectionRef & { sync: string }, limits?: CallLimits): Promise<void>;
  /** In words, such as "every 1h"; null: as the code says. */
  setSchedule(ref: ConnectionRef & { sync: string }, schedule: string | null, limits?: CallLimits): Promise<SyncStatus>;
  backfillSync(
    ref: ConnectionRef & { sync: string },
    range: { from: string | number; until?: string | number | undefined },
    limits?: CallLimits,
  ): Promise<Run>;
  /** The times at which it was due, the latest first. */
  listTicks(ref: ConnectionRef & { sync: string }, page?: PageRequest): Promise<Page<Tick>>;
  /** What it remembers, of itself first, then of each partition. */
  listSyncStates(ref: ConnectionRef & { sync: string }, page?: PageRequest): Promise<Page<SyncState>>;

  listRuns(
    page?: PageRequest & {
      integration?: string | undefined;
      connection?: string | undefined;
      function?: string | undefined;
      status?: RunStatus | undefined;
    },
  ): Promise<Page<Run>>;
  getRun(id: string, limits?: CallLimits): Promise<Run>;
  /** What a failed run met; `capture_missing` says why there is nothing. */
  getCapture(id: string, limits?: CallLimits): Promise<RunCapture>;
  cancelRun(id: string, limits?: CallLimits): Promise<void>;
  /** Runs a sync again that has ended. */
  retryRun(id: string, limits?: CallLimits): Promise<TriggeredRun>;
  listLogs(page?: PageRequest & LogFilter): Promise<Page<LogEntry>>;
  /**
   * Events from now on. Resolves when the server streams, so that nothing which is triggered afterwards is missed.
   * The stream ends with the signal, without an error.
   */
  openEvents(options: { signal: AbortSignal }): Promise<AsyncGenerator<LiveEvent, void, undefined>>;

  planDeployment(manifest: Manifest, limits?: CallLimits): Promise<Plan>;
  uploadBundle(hash: string, code: string, limits?: CallLimits): Promise<void>;
  createDeployment(
    deployment: {
      manifest: Manifest;
      baseVersion: number;
      fingerprint?: string;
      message?: string;
      externalId?: string;
      source?: DeploymentSource;
      allowDestructive?: boolean;
    },
    limits?: CallLimits,
  ): Promise<Deployment>;
  listDeployments(page?: PageRequest & { externalId?: string | undefined }): Promise<Page<Deployment>>;
  getManifest(version: number, limits?: CallLimits): Promise<DeployedManifest>;
  /** The code of a bundle that a version names. */
  getBundle(hash: string, limits?: CallLimits): Promise<string>;
  /** What activating the version in place of another one (default: the active one) changes. */
  planVersion(version: number, options?: CallLimits & { from?: number | undefined }): Promise<Plan>;
  planRollback(version: number, options: CallLimits & { data: boolean }): Promise<RollbackPlan>;
  /** Answers when it is done; asked again it goes on. */
  rollBack(version: number, rollback: { baseVersion: number; data: boolean }, limits?: CallLimits): Promise<RolledBack>;
  activateDeployment(version: number, limits?: CallLimits): Promise<Deployment>;

  /** The key's environment, and its previews. */
  listEnvironments(page?: PageRequest): Promise<Page<Environment>>;
  getEnvironment(name: string, limits?: CallLimits): Promise<Environment>;
  /** Makes a preview, or changes it; safe to repeat. */
  putPreview(name: string, preview: PutPreview, limits?: CallLimits): Promise<StoredPreview>;
  extendPreview(name: string, extension: ExtendPreview, limits?: CallLimits): Promise<Environment>;
  deleteEnvironment(name: string, limits?: CallLimits): Promise<void>;
  /** One that stays. */
  createEnvironment(environment: CreateEnvironment, limits?: CallLimits): Promise<CreatedEnvironment>;

  listVariables(page?: PageRequest): Promise<Page<Variable>>;
  putVariable(name: string, value: string, limits?: CallLimits): Promise<Variable>;
  deleteVariable(name: string, limits?: CallLimits): Promise<void>;

  listKeys(page?: PageRequest): Promise<Page<ApiKey>>;
  createKey(key: CreateApiKey, limits?: CallLimits): Promise<CreatedApiKey>;
  revokeKey(id: number, limits?: CallLimits): Promise<void>;
  getEncryption(limits?: CallLimits): Promise<KeyRotation>;
  rotateEncryption(limits?: CallLimits): Promise<KeyRotation>;

  listAuditLog(
    page?: PageRequest & {
      action?: string | undefined;
      subject?: string | undefined;
      /** ISO 8601. */
      from?: string | undefined;
      to?: string | undefined;
    },
  ): Promise<Page<AuditEntry>>;

  /** Closes kept connections, so that nothing keeps the process alive. */
  close(): void;
}
