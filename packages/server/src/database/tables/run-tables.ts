import type { ColumnType, Generated } from 'kysely';
import type {
  BackfillRange,
  FunctionManifest,
  LogKind,
  LogLevel,
  Overlap,
  Run,
  RunCounts,
  RunError,
  RunStatus,
  RunTrigger,
} from '@tenon/runtime/contract';
import type { CreatedAt, Json, Timestamp } from './column-types.ts';

/** A sync of a connection: its schedule and its cursor. */
export interface SyncsTable {
  id: Generated<number>;
  environment_id: number;
  connection_id: number;
  integration: string;
  sync: string;
  schedule: Json<object> | null;
  paused: Generated<boolean>;
  /** Of this connection, instead of the code's. */
  schedule_override: Json<object> | null;
  overlap: Generated<Overlap>;
  next_run_at: Timestamp | null;
  /** Not started by its schedule: until the customer has connected again, or ever, in a preview. */
  waits_for: 'reconnect' | 'preview' | null;
  /** Grows when a deployment takes the cursor away. */
  cursor_epoch: Generated<number>;
  last_run_id: string | null;
  /** Calls to the provider of the latest five runs that read everything. */
  full_calls: number[] | null;
}

/** What a sync, or one of its partitions, remembers. */
export interface SyncStatesTable {
  sync_id: number;
  /** `live`, or the id of the backfill run that it belongs to. */
  scope: Generated<string>;
  /** Empty: the sync itself. */
  partition: Generated<string>;
  cursor: ColumnType<string | number | null, string | null, string | null>;
  checkpoint: ColumnType<unknown, string | null, string | null>;
  /** Of resumable paginations; good for `progress_run_id` only. */
  progress: Json<Record<string, unknown>> | null;
  progress_run_id: string | null;
  /** Of a partition: when it failed last, if nothing went well since. */
  failed_at: Timestamp | null;
  error: Json<RunError> | null;
  updated_at: Timestamp;
}

/** Times at which a sync was due and did not run; those at which it ran are its runs. */
export interface SkippedTicksTable {
  id: Generated<number>;
  environment_id: number;
  sync_id: number;
  due_at: Timestamp;
  /** The last one that this row stands for. */
  until_at: Timestamp;
  ticks: number;
  reason: 'overlap' | 'missed' | 'made_up_for' | 'paused' | 'waits_for_reconnect';
  /** The run that was in the way, or made up for it. */
  run_id: string | null;
  noted_at: Timestamp;
}

/** An event for a sync's onWebhook, as its run keeps it. */
export interface ForwardedEvent {
  /** Names in lower case. */
  readonly headers: Record<string, string>;
  readonly body: unknown;
  /** ISO 8601 time. */
  readonly receivedAt: string;
  /** Of two with the same key, the second one is not taken. */
  readonly key?: string;
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
  trigger: RunTrigger;
  /** Live runs of a sync exclude each other; webhooks are taken one by one, backfills too. */
  lane: Generated<'live' | 'webhook' | 'backfill' | 'replay'>;
  /** `overlap: 'allow'`: not exclusive. */
  side_by_side: Generated<boolean>;
  status: Generated<RunStatus>;
  /** Grows with every hand-over, so that a page of an earlier executor can be refused. */
  attempt: Generated<number>;
  /** How often the process that executed it disappeared; a graceful hand-over does not count. */
  losses: Generated<number>;
  /** Grows with each attempt that begins at the first page again. */
  generation: Generated<number>;
  /** Attempts that failed for a reason that may pass. */
  retries: Generated<number>;
  /** Of a queued run that cannot begin yet. */
  waits_for: Run['waitsFor'];
  not_before: Timestamp | null;
  concurrency_key: string | null;
  range: Json<BackfillRange> | null;
  /** Of lane `webhook`. */
  event: Json<ForwardedEvent> | null;
  /** The run that it repeats, replays or undoes. */
  parent_run_id: string | null;
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
  kind: Generated<LogKind>;
  level: LogLevel;
  message: string;
  data: Json<Record<string, unknown>> | null;
}

export interface LocksTable {
  environment_id: number;
  /** 0: of the environment. */
  connection_id: Generated<number>;
  name: string;
  token: string;
  run_id: string;
  expires_at: Timestamp;
}

/** How many calls a connection, an integration or an app may make. */
export interface RateBudgetsTable {
  key: string;
  /** Calls of the latest window, by the end of their slice of it. */
  spent_at: Generated<number[]>;
  spent: Generated<number[]>;
  /** Of the latest statement. */
  granted: Generated<number>;
  call_limit: number | null;
  remaining: number | null;
  resets_at: number | null;
  /** The window is over, and no answer told of the next one yet. */
  is_guess: Generated<boolean>;
  /** The longest time to a reset that the provider named. */
  period_ms: number | null;
  blocked_until: number | null;
  used_at: Generated<Date>;
}

/** What a run that failed had met. */
export interface RunCapturesTable {
  id: Generated<number>;
  run_id: string;
  attempt: number;
  /** Envelope over a capture as compressed JSON. */
  capture: Buffer;
  created_at: Timestamp;
}
