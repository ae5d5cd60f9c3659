import type { ConnectionContext } from '../credentials/connection-context.ts';

/** What connecting stands on. */
export interface ConnectContext {
  readonly connections: ConnectionContext;
  readonly log: ConnectLog;
}

/** What the customer is not told: an integration that is not set up, a provider that answers nonsense. */
export interface ConnectLog {
  warn(data: Record<string, unknown>, message: string): void;
  error(data: Record<string, unknown>, message: string): void;
}
