import type { LogLevel, RunError } from '@tenon/runtime/contract';
import type { OutgoingPage, PageCounts, StartRun } from '@tenon/runtime/execute';
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
  /** The script is about to run. */
  onStarted?(): void;
  /** Commits a page. Called in order, one page at a time; a rejection fails the run. */
  onPage(page: OutgoingPage): Promise<PageCounts>;
  onLog(entry: WorkerLogEntry): void;
  renewCredential(): Promise<ActiveCredential>;
  /** Cancels the run. */
  readonly signal: AbortSignal;
}

export interface WorkerLogEntry {
  /** Unix time in milliseconds, by the worker's clock. */
  at: number;
  level: LogLevel;
  message: string;
  data?: Record<string, unknown>;
}

export type RunOutcome =
  | { status: 'succeeded'; output?: unknown; cursor?: string | number }
  | { status: 'failed' | 'timed_out' | 'cancelled' | 'auth_failed' | 'rate_limited' | 'lost'; error: RunError };
