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
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** What syncs and actions have in common. */
export interface ScriptContext extends ScriptRequests {
  readonly runId: string;
  readonly connection: ScriptConnection;
  readonly log: ScriptLog;
  /** Aborted at the deadline and on cancel; pass it on to whatever waits. */
  readonly signal: AbortSignal;
}
