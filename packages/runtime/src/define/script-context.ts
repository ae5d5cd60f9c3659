import type { Duration } from './duration.ts';
import type { ScriptRequests } from './script-requests.ts';

export interface ScriptLog {
  debug(message: string, data?: Record<string, unknown>): void;
  info(message: string, data?: Record<string, unknown>): void;
  warn(message: string, data?: Record<string, unknown>): void;
  error(message: string, data?: Record<string, unknown>): void;
}

export interface ScriptConnection {
  readonly integration: string;
  /** The customer's account, as the app named it when it connected. */
  readonly id: string;
  /** As it is now, with what this run changed. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Replaces the metadata. */
  setMetadata(metadata: Record<string, unknown>): Promise<void>;
  /** Changes the keys that are given; null removes one. */
  patchMetadata(metadata: Record<string, unknown>): Promise<void>;
}

export interface LockOptions {
  /** How long the lock is held at most; it ends with the run in any case. Default 5m. */
  ttl?: Duration;
  /** How long to wait for another holder. Default 0s: not at all. */
  wait?: Duration;
  /** Who shares the name: the runs of this connection (default), or those of the environment. */
  scope?: 'connection' | 'environment';
}

/** What syncs and actions have in common. */
export interface ScriptContext extends ScriptRequests {
  readonly runId: string;
  readonly connection: ScriptConnection;
  readonly log: ScriptLog;
  /** Aborted at the deadline and on cancel; pass it on to whatever waits. */
  readonly signal: AbortSignal;
  /**
   * The connection's credentials, for APIs that want them in a body; requests of the context carry them by themselves.
   * Their values are redacted from logs.
   */
  credentials(): Promise<Readonly<Record<string, string>>>;
  /** A variable of the environment; undefined: it is not set. Its value is redacted from logs. */
  variable(name: string): Promise<string | undefined>;
  /**
   * Does something while no other run holds the lock of this name.
   * @throws TenonError `lock_held` when another run holds it for longer than `wait`
   */
  lock<Result>(name: string, work: () => Promise<Result> | Result): Promise<Result>;
  lock<Result>(name: string, options: LockOptions, work: () => Promise<Result> | Result): Promise<Result>;
  /** Calls an action of the same connection. @returns its output */
  callAction<Output = unknown>(name: string, input?: unknown): Promise<Output>;
  /** Queues a run of a sync of the same connection. @returns the run's id, or that of the run that is unfinished */
  triggerSync(name: string): Promise<{ runId: string }>;
}
