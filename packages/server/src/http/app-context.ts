import type { FastifyBaseLogger } from 'fastify';
import type { Kysely } from 'kysely';
import type { ConnectContext } from '../connect/connect-context.ts';
import type { ConnectionContext } from '../credentials/connection-context.ts';
import type { Schema } from '../database/schema.ts';
import type { Rollbacks } from '../deployments/rollback/create-rollbacks.ts';
import type { RunService } from '../engine/run-service.ts';
import type { Sweeper } from '../create-sweeper.ts';
import type { RecordDecisions } from '../records/record-decisions.ts';
import type { SecurityContext } from './security-context.ts';

/** What the routes stand on; the composition makes it. */
export interface AppContext {
  readonly database: Kysely<Schema>;
  readonly connections: ConnectionContext;
  readonly connect: ConnectContext;
  readonly runs: Omit<RunService, 'start' | 'stop'>;
  readonly records: RecordDecisions;
  readonly environments: Pick<Sweeper, 'sweep'>;
  readonly rollbacks: Rollbacks;
  readonly security: SecurityContext;
  readonly logger: FastifyBaseLogger;
  /** Of the server. */
  readonly version: string;
}
