import type { LogKind, LogLevel, RunError } from '../contract/index.ts';
import type { SyncManifest } from '../contract/manifest.ts';
import type { ActiveCredential } from '../provider/credential.ts';
import type { Provider } from '../provider/provider-schema.ts';
import type { WebhookEvent } from '../define/define-sync.ts';
import type { Ask, PartitionState } from './asks.ts';
import type { HookCall } from './provider-hooks/run-provider-hook.ts';

/**
 * What the server process and a worker process say to each other, over Node's IPC channel with `advanced`
 * serialisation. One run at a time in a worker. The worker is not trusted: the server checks what it receives
 * against the run that it started.
 */

/** One record on its way to the store: serialised once, in the worker, in canonical form. */
export interface OutgoingRecord {
  id: string;
  /** First 16 bytes of SHA-256 over `json` without its volatile paths. */
  hash: Uint8Array;
  /** Canonical JSON (keys sorted), so that equal records have equal text. */
  json: string;
  /** Unix time in milliseconds when the answer was asked for that the record comes from. */
  observedMs: number;
  /** Of the model's version field, as a number that grows (times in milliseconds); undefined: it has none. */
  version?: number | undefined;
  /** The provider says in the record itself that it is deleted (`deletes: 'flag'`). */
  isDeleted?: boolean | undefined;
  /** Of a patch: the hash, as hex, of what it was applied to. When the store holds something else, it is a conflict. */
  basis?: string | undefined;
}

/** A record that is not what its model says. */
export interface QuarantinedRecord {
  /** null: it has no id that can be read. */
  id: string | null;
  /** What was given to `save`, as JSON. */
  json: string;
  problems: Array<{ path: string; message: string }>;
}

/** What is committed in one transaction: records, deletions, state, counters, positions in the change feed. */
export interface OutgoingPage {
  /** 1, 2, 3 ... within the attempt. */
  sequence: number;
  /** Whose state it moves; empty: the sync's own. */
  partition: string;
  model: string;
  /** Of one id at most one. */
  records: OutgoingRecord[];
  deletedIds: string[];
  /** As `observedMs` of records, for all deletions of the page. */
  deletedObservedMs: number;
  quarantined: QuarantinedRecord[];
  /** Of a replay: entries of the quarantine that are settled by this page. */
  settledQuarantine: number[];
  /** The state to commit with this page; what is absent stays as it is. `progress: null` forgets it. */
  /** null: from the beginning again, for what was committed turned out not to be proven. */
  cursor?: string | number | null;
  checkpoint?: unknown;
  progress?: Record<string, unknown> | null;
}

/**
 * A page as it crosses the channel: columns. A typed array for each record's hash made the channel 1.9 times slower
 * (100,000 records of 0.9 kB: 355 ms against 191 ms on Node 20).
 */
export interface PackedPage extends Omit<OutgoingPage, 'records'> {
  ids: string[];
  jsons: string[];
  /** 16 bytes a record, in the order of the ids. */
  hashes: Uint8Array;
  observedMs: Float64Array;
  /** NaN: it has none. Absent: none has one. */
  versions?: Float64Array;
  /** Places of the records that are deleted. */
  deletedPlaces?: number[];
  /** By place. */
  bases?: Array<[place: number, hash: string]>;
}

/** What became of a page. Its records are added + updated + unchanged + quarantined + conflicts. */
export interface PageCounts {
  added: number;
  updated: number;
  /** Also what was older than what is stored. */
  unchanged: number;
  deleted: number;
  quarantined: number;
  /** Deletions that wait for approval. */
  held: number;
}

/** What a sync did, as the worker counted it: the server compares it with what was committed. */
export interface SyncResult {
  /** Records sent in pages, those for quarantine included, less the conflicts that were sent again. */
  read: number;
  partitions: { total: number; failed: Array<{ key: string; error: RunError }> };
}

export interface StartRun {
  type: 'start';
  runId: string;
  /** A `hook` is one call of a provider's hook by the server; its bundle holds the hooks. */
  function: { kind: 'sync' | 'action' | 'hook'; integration: string; name: string; source: string };
  /** `code` is left out when this worker was given the bundle before. */
  bundle: { hash: string; code?: string };
  /** The provider's hooks, for syncs and actions of a provider that has beforeRequest. */
  hooks?: { hash: string; code?: string; source: string };
  connection: { id: string; config: Record<string, string>; metadata: Record<string, unknown> };
  provider: Provider;
  credential: ActiveCredential;
  /** Values of the integration that the provider's request templates name; all of them for a provider's hooks. */
  integration: Record<string, string>;
  /** Of syncs. */
  sync?: {
    settings: unknown;
    /** Which of the sync's functions is called; `replay` saves what is in quarantine once more. */
    mode: 'run' | 'webhook' | 'replay';
    state: PartitionState;
    cursorOptions: SyncManifest['cursor'];
    /** Of a backfill; its `from` is the state's cursor. */
    until?: string | number | undefined;
    /** Of mode `webhook`. */
    event?: WebhookEvent;
  };
  /** Of actions. */
  action?: { input: unknown };
  /** Of hooks: which one, and what it is given; `credentials` are the stored ones. */
  hook?: HookCall & { credentials: Record<string, string> };
  /** Milliseconds from now until the script's signal is aborted. */
  timeoutMs: number;
  /** Whether requests to the provider may go to this machine and to private networks. */
  allowPrivateAddresses: boolean;
  /** Of a preview: requests that may change something are refused before they are sent. */
  blocksWrites?: boolean;
  /** Absent: nothing of the run is kept. */
  capture?: CaptureLimits;
  /** Of dry runs: lists end after so many pages in all. */
  limitPages?: number;
}

/** What a worker keeps of a run's exchanges, in bytes; the newest win. */
export interface CaptureLimits {
  runBytes: number;
  bodyBytes: number;
  /** Whether it is sent also when the run succeeds. */
  always: boolean;
}

export type ServerMessage =
  | StartRun
  /** `conflicts`: ids whose stored record is not the basis of their patch; nothing was written for them. */
  | { type: 'page-committed'; runId: string; sequence: number; counts: PageCounts; conflicts: string[] }
  | { type: 'answer'; runId: string; askId: number; value: unknown }
  | { type: 'answer-failed'; runId: string; askId: number; error: RunError }
  | { type: 'credential'; runId: string; credential: ActiveCredential }
  | { type: 'credential-failed'; runId: string; error: RunError }
  | { type: 'cancel'; runId: string; reason: 'cancelled' | 'timed_out' };

export type WorkerMessage =
  /** The process is warm and waits for a run. */
  | { type: 'ready' }
  /** The bundle is evaluated; the script's run function is about to be called. */
  | { type: 'started'; runId: string }
  | { type: 'page'; runId: string; page: PackedPage }
  | {
      type: 'log';
      runId: string;
      at: number;
      kind: LogKind;
      level: LogLevel;
      message: string;
      data?: Record<string, unknown>;
    }
  /** Answered with `answer` or `answer-failed`. */
  | { type: 'ask'; runId: string; askId: number; ask: Ask }
  /** The provider refused the credential: renew it. Answered with `credential` or `credential-failed`. */
  | { type: 'renew-credential'; runId: string }
  /** Before the end of a run that failed: a `Capture` as JSON, compressed with gzip. */
  | { type: 'capture'; runId: string; capture: Uint8Array }
  /** The run function ended well and every page was acknowledged. */
  | { type: 'succeeded'; runId: string; output?: unknown; sync?: SyncResult; reusable: boolean }
  | { type: 'failed'; runId: string; error: RunError; reusable: boolean };
