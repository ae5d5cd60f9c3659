import type { Transport } from './transport.ts';

/** What the parts of a connection's client share. */
export interface ConnectionContext {
  readonly transport: Transport;
  /** Segments of the connection's address, after /v1. */
  readonly path: readonly string[];
}
