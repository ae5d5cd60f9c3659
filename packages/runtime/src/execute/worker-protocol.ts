import type { LogLevel, RunError } from '../contract/index.ts';
import type { SyncManifest } from '../contract/manifest.ts';
import type { ActiveCredential } from '../provider/credential.ts';
import type { Provider } from '../provider/provider-schema.ts';
import type { HookCall } from './provider-hooks/run-provider-hook.ts';

/**
 * What the server process and a worker process say to each other, over Node's IPC channel with `advanced`
 * serialisation. One run at a time in a worker. The worker is not trusted: the server checks what it receives
 * against the run that it started.
 */

/** One record on its way to the store: serialised once, in the worker, in canonical form. */
export interface OutgoingRecord {
  id: string;
  /** First 16 bytes of SHA-256 over `json`. */
  hash: Uint8Array;
  /** Canonical JSON (keys sorted), so that equal records have equal text. */
  json: string;
}

/** What is committed in one transaction: records, removals, cursor, counters, positions in the change feed. */
export interface OutgoingPage {
  /** 1, 2, 3 ... within the run. */
  sequence: number;
  model: string;
  records: OutgoingRecord[];
  removedIds: string[];
  /** The cursor to commit with this page; undefined: leave it. */
  cursor?: string | number;
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
}

export interface PageCounts {
  added: number;
  updated: number;
  unchanged: number;
  deleted: number;
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
    cursor: string | number | undefined;
    cursorOptions: SyncManifest['cursor'];
  };
  /** Of actions. */
  action?: { input: unknown };
  /** Of hooks: which one, and what it is given; `credentials` are the stored ones. */
  hook?: HookCall & { credentials: Record<string, string> };
  /** Milliseconds from now until the script's signal is aborted. */
  timeoutMs: number;
  /** Whether requests to the provider may go to this machine and to private networks. */
  allowPrivateAddresses: boolean;
}

export type ServerMessage =
  | StartRun
  | { type: 'page-committed'; runId: string; sequence: number; counts: PageCounts }
  | { type: 'credential'; runId: string; credential: ActiveCredential }
  | { type: 'credential-failed'; runId: string; error: RunError }
  | { type: 'cancel'; runId: string; reason: 'cancelled' | 'timed_out' };

export type WorkerMessage =
  /** The process is warm and waits for a run. */
  | { type: 'ready' }
  /** The bundle is evaluated; the script's run function is about to be called. */
  | { type: 'started'; runId: string }
  | { type: 'page'; runId: string; page: PackedPage }
  | { type: 'log'; runId: string; at: number; level: LogLevel; message: string; data?: Record<string, unknown> }
  /** The provider refused the credential: renew it. Answered with `credential` or `credential-failed`. */
  | { type: 'renew-credential'; runId: string }
  /** The run function ended well and every page was acknowledged. */
  | { type: 'succeeded'; runId: string; output?: unknown; cursor?: string | number; reusable: boolean }
  | { type: 'failed'; runId: string; error: RunError; reusable: boolean };
