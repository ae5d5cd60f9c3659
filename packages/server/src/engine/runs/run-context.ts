import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';
import type { EngineLog } from '../engine-log.ts';
import type { RunEvents } from './run-events.ts';

/** What everything that starts or ends runs has in common. */
export interface RunContext {
  readonly database: Kysely<Schema>;
  readonly log: EngineLog;
  readonly events: RunEvents;
  /** Names this server process as the owner of the runs that it executes; new with every start. */
  readonly owner: string;
  /** Unix time in milliseconds. */
  now(): number;
  /** 0 <= random < 1, for jitter. */
  random(): number;
  newRunId(): string;
}
