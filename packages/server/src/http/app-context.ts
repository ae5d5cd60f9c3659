import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { ConnectionContext } from '../credentials/connection-context.ts';
import type { Schema } from '../database/schema.ts';
import type { RunEvents } from '../engine/runs/run-events.ts';
import type { RunService } from '../engine/run-service.ts';

/** What the routes stand on; the composition makes it. */
export interface AppContext {
  readonly database: Kysely<Schema>;
  readonly connections: ConnectionContext;
  readonly runs: RunService;
  readonly events: RunEvents;
  readonly logger: Logger;
  /** Of the server. */
  readonly version: string;
}
