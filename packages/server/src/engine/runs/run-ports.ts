import type { Kysely } from 'kysely';
import type { LogLevel, RunError } from '@tenon/runtime/contract';
import type { OutgoingPage, PageCounts, StartRun } from '@tenon/runtime/execute';
import type { ActiveCredential } from '@tenon/runtime/provider';
import type { Schema } from '../../database/schema.ts';

/** What the engine needs of the other rooms of the server to execute a run. */
export interface RunPorts {
  readonly workers: WorkerPool;
  readonly records: RecordStore;
  /** @throws TenonError `provider_unauthorized` when the provider refuses the connection's credentials */
  getActiveCredential(
    connectionId: number,
    options: { renew?: boolean; signal: AbortSignal },
  ): Promise<ActiveCredential>;
}

/** The isolated processes that execute bundles. */
export interface WorkerPool {
  /** Never rejects for what the script did; the outcome says it. */
  execute(request: RunRequest): Promise<RunOutcome>;
}

export interface RunRequest {
  readonly environmentId: number;
  readonly start: Omit<StartRun, 'type' | 'bundle'>;
  readonly bundleHash: string;
  /** Asked only when no process of the pool has the bundle. */
  loadBundle(hash: string): Promise<string>;
  /** Higher first, when more runs wait than processes are free. */
  readonly priority: number;
  onStarted?(): void;
  /** Resolves when the page is committed; rejects when it cannot be, which fails the run. */
  onPage(page: OutgoingPage): Promise<PageCounts>;
  onLog(entry: WorkerLogEntry): void;
  renewCredential(): Promise<ActiveCredential>;
  readonly signal: AbortSignal;
}

export interface WorkerLogEntry {
  /** Unix time in milliseconds. */
  readonly at: number;
  readonly level: LogLevel;
  readonly message: string;
  readonly data?: Record<string, unknown>;
}

export type RunOutcome =
  | { readonly status: 'succeeded'; readonly output?: unknown; readonly cursor?: string | number }
  | {
      readonly status: 'failed' | 'timed_out' | 'cancelled' | 'auth_failed' | 'rate_limited' | 'lost';
      readonly error: RunError;
    };

/** The store of records. Each function works within the transaction that it is given. */
export interface RecordStore {
  commitPage(
    database: Kysely<Schema>,
    options: {
      datasetId: number;
      syncId: number;
      run: { id: string; attempt: number };
      page: OutgoingPage;
      trackSightings: boolean;
      now: Date;
    },
  ): Promise<PageCounts>;
  ensureDatasets(
    database: Kysely<Schema>,
    connectionId: number,
    models: readonly string[],
  ): Promise<ReadonlyMap<string, number>>;
  finishAbsence(
    database: Kysely<Schema>,
    options: { run: { id: string; attempt: number }; datasets: readonly number[] },
  ): Promise<number>;
}
