import type { ColumnType, Generated } from 'kysely';
import type { ApiScope, Deployment, DeploymentSource, Manifest } from '@tenon/runtime/contract';
import type { CreatedAt, Json, Timestamp } from './column-types.ts';

/** How many runs of syncs may go on at a time, as the claim of a run reads it. Actions are called, and never wait. */
export interface RunLimits {
  readonly environment?: number;
  readonly integrations: Readonly<Record<string, { runs?: number; connection?: number }>>;
  /** By `integration/sync`. */
  readonly syncs: Readonly<Record<string, { key: string; limit: number }>>;
}

export interface EnvironmentsTable {
  id: Generated<number>;
  name: string;
  active_version: Generated<number>;
  /** Of the active version: how many runs at a time. Null: any number. */
  limits: ColumnType<RunLimits | null, string | null | undefined, string | null>;
  created_at: CreatedAt;
  /** Of a preview; the names of previews are their parent's own. */
  parent_id: number | null;
  /** Of a preview: when it is deleted. */
  expires_at: Timestamp | null;
  /** How long a deployment lets it live. */
  ttl_ms: number | null;
  /** Whether its runs may change anything at providers. */
  allows_writes: Generated<boolean>;
  /** Since when it is being deleted: nobody sees it any more. */
  deleting_at: Timestamp | null;
  /** Until when the process that deletes it has it to itself. */
  sweep_lease_until: Timestamp | null;
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
  /** The deployer's own name of it, such as a commit. */
  external_id: string | null;
  deployed_by: string | null;
  source: Json<DeploymentSource> | null;
  changes: Json<NonNullable<Deployment['changes']>> | null;
  created_at: CreatedAt;
}

/** A version became active. */
export interface ActivationsTable {
  id: Generated<number>;
  environment_id: number;
  version: number;
  previous_version: number;
  activated_at: CreatedAt;
}

/** Where a sync stood when a version became active. */
export interface ActivationStatesTable {
  activation_id: number;
  sync_id: number;
  partition: string;
  cursor: Json<object> | null;
  checkpoint: Json<object> | null;
}

/** Where a dataset's feed stood when a version became active. */
export interface ActivationPositionsTable {
  activation_id: number;
  dataset_id: number;
  position: number;
}

/** Records are, or were, taken back to what they were before an activation. */
export interface DataRollbacksTable {
  id: Generated<number>;
  environment_id: number;
  activation_id: number;
  from_version: number;
  to_version: number;
  /** The last dataset that is done. */
  done_dataset_id: Generated<number>;
  counts: Json<DataRollbackCounts>;
  started_at: CreatedAt;
  finished_at: Timestamp | null;
}

export interface DataRollbackCounts {
  readonly recordsRestored: number;
  readonly recordsDeleted: number;
  readonly cursorsRestored: number;
  readonly runsCancelled: number;
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
