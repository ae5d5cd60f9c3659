import type { Kysely } from 'kysely';
import type { FastifyBaseLogger } from 'fastify';
import type { ConnectionContext } from '../credentials/connection-context.ts';
import type { Schema } from '../database/schema.ts';
import type { RunEvents } from '../engine/runs/run-events.ts';
import type { RunOperations } from './run-operations.ts';

/** What the routes stand on; the composition makes it. */
export interface AppContext {
  readonly database: Kysely<Schema>;
  readonly connections: ConnectionContext;
  readonly runs: RunOperations;
  readonly events: RunEvents;
  readonly logger: FastifyBaseLogger;
  /** Of the server. */
  readonly version: string;
}
