import type { LogKind, LogLevel, RunError } from '@tenon/runtime/contract';
import type { Ask, OutgoingPage, PageCounts, StartRun, SyncResult } from '@tenon/runtime/execute';
import type { ActiveCredential } from '@tenon/runtime/provider';

/** One run, and what the pool calls while it goes on. None of the calls comes after the outcome. */
export interface RunRequest {
  /** A worker never serves two environments. */
  readonly environmentId: number;
  readonly start: Omit<StartRun, 'type' | 'bundle' | 'hooks' | 'allowPrivateAddresses'>;
  readonly bundleHash: string;
  /** The provider's hooks, through which requests of the run go. */
  readonly hooks?: { readonly hash: string; readonly source: string } | undefined;
  loadBundle(hash: string): Promise<string>;
  /** Higher first among the waiting. */
  readonly priority: number;
  /** A script on this pool waits for it: it gets a process at once, beyond the pool's size, or both would wait. */
  readonly isNested?: boolean;
  /** The script is about to run. */
  onStarted?(): void;
  /** Commits a page. Called in order, one page at a time; a rejection fails the run. */
  onPage(page: OutgoingPage): Promise<{ counts: PageCounts; conflicts: string[] }>;
  /** Answers a question of the script; a rejection is the script's to handle. */
  onAsk(ask: Ask): Promise<unknown>;
  onLog(entry: WorkerLogEntry): void;
  renewCredential(): Promise<ActiveCredential>;
  /** What the run met, as gzipped JSON, just before its end. Not checked: it comes from a process that is not trusted. */
  onCapture?(capture: Uint8Array): void;
  /** Cancels the run. */
  readonly signal: AbortSignal;
}

export interface WorkerLogEntry {
  /** Unix time in milliseconds, by the worker's clock. */
  at: number;
  kind: LogKind;
  level: LogLevel;
  message: string;
  data?: Record<string, unknown>;
}

export type RunOutcome =
  | { status: 'succeeded'; output?: unknown; sync?: SyncResult }
  | { status: 'failed' | 'timed_out' | 'cancelled' | 'auth_failed' | 'rate_limited' | 'lost'; error: RunError };
