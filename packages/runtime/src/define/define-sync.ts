import type { z } from 'zod';
import type { Duration } from './duration.ts';
import type { ScheduleInput } from './schedule.ts';
import type { SyncContext, SyncRunContext } from './sync-context.ts';

/** A model is an object schema with an `id`, which names the record within its connection. */
export type ModelSchema = z.ZodObject;
export type Models = Record<string, ModelSchema>;

export interface CursorOptions {
  /** Field of the saved records that grows with each change, such as updatedAt. Read from every model of the sync. */
  field: string;
  /** What `sync.cursor` is on the first run. Default: undefined. */
  initial?: string | number;
  /**
   * `ascending`: the provider lists oldest first, so the cursor is committed with every page.
   * `descending`, `unordered` (default): it is committed when everything was read. A time with its zone is committed
   * no later than when the run began to read: what changed meanwhile, on pages read before, is read next time.
   */
  order?: 'ascending' | 'descending' | 'unordered';
  /** How far behind the newest value the next run starts, for providers whose lists lag. Needs ISO 8601 values. */
  lag?: Duration;
}

/**
 * How records come to be deleted.
 * `none`: never. `feed`: the script says which, with `delete`. `flag`: a record whose field is true, or holds anything
 * but false, null and undefined, is deleted. `absence`: what a complete, successful run did not save is deleted; cannot
 * be combined with `cursor`.
 */
export type DeletesOption = 'none' | 'feed' | 'absence' | { flag: string };

/** When a run that would delete much is held until somebody approves. */
export interface AirbagOptions {
  /** Share of a model's live records of the connection, 0 to 1. Default 0.2. */
  share?: number;
  /** So many deletions are never held, unless they are all there is. Default 10. */
  atLeast?: number;
}

/**
 * What becomes of fields that a model does not declare. `discard` (default): they are dropped. `evolve`: they are
 * stored as they come. `freeze`: the record goes to quarantine.
 */
export type ModelContract = 'discard' | 'evolve' | 'freeze';

export interface ModelOptions {
  contract?: ModelContract;
  /** Paths, dot-separated, whose change alone is no change of the record, such as a view counter. */
  volatile?: readonly string[];
  /**
   * Field that grows with each version of the record (a number, or an ISO 8601 time): an older version never replaces a
   * newer one. Default: the cursor's field.
   */
  version?: string;
  /** What the model was called before: its records and the places of those who read its changes stay. */
  renamedFrom?: string;
}

/** What to do with a run that failed for a reason that may pass: the provider did not answer, or not well. */
export interface RetryOptions {
  /** Runs in all, 1 to 20. Default 3. */
  attempts?: number;
  /** Before the first retry; doubled before each further one, with jitter. Default 10s. */
  backoff?: Duration;
  /** The longest pause between two attempts. Default 10m. */
  maxBackoff?: Duration;
}

export interface SyncOptions<
  M extends Models,
  S extends z.ZodType | undefined,
  C extends z.ZodType | undefined = undefined,
> {
  description?: string;
  /**
   * What this sync was called before, in the same integration: its cursor, schedules, pauses and history stay. Without
   * it, another name is another sync. May be taken out once every environment has the new name.
   */
  renamedFrom?: string;
  /** Zod object schemas by name; each needs an `id` that is a string or a number. */
  models: M;
  /** Absent: runs only when triggered. */
  schedule?: ScheduleInput;
  /**
   * What happens when a run is due while one is unfinished. `skip` (default): nothing. `queue-one`: one more follows
   * it. `cancel-other`: the unfinished one is cancelled. `allow`: they run side by side.
   */
  overlap?: 'skip' | 'queue-one' | 'cancel-other' | 'allow';
  /** Settings per connection. */
  settings?: S;
  cursor?: CursorOptions;
  /** Shape of `sync.checkpoint`: what the sync remembers from run to run beside its cursor, or instead of one. */
  checkpoint?: C;
  /** Default `none`. */
  deletes?: DeletesOption;
  /** Default `{ share: 0.2, atLeast: 10 }`; false: deletions are never held. */
  airbag?: AirbagOptions | false;
  /** By model. */
  modelOptions?: { [Name in keyof M]?: ModelOptions };
  /**
   * Share of the records read, 0 to 1, that may go to quarantine before the run fails; ten always may, unless they are
   * all. Default 0.1.
   */
  quarantine?: { share: number };
  retry?: RetryOptions;
  /** At most so many runs of the environment with this key at a time. Default: no limit. */
  concurrency?: { key: string; limit: number };
  /** One attempt ends as timed_out after it. Default 1h. */
  timeout?: Duration;
  run(
    sync: SyncRunContext<M, S extends z.ZodType ? z.output<S> : undefined, C extends z.ZodType ? z.output<C> : never>,
  ): Promise<void> | void;
  /** Takes one event of the provider about this connection, apart from the schedule: save what it says. */
  onWebhook?(
    sync: SyncContext<M, S extends z.ZodType ? z.output<S> : undefined>,
    event: WebhookEvent,
  ): Promise<void> | void;
}

/** An event as the provider, or the app on its behalf, sent it. */
export interface WebhookEvent {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed, where it is JSON. */
  readonly body: unknown;
  /** ISO 8601 time. */
  readonly receivedAt: string;
}

export interface SyncDefinition<
  M extends Models = Models,
  S extends z.ZodType | undefined = z.ZodType | undefined,
  C extends z.ZodType | undefined = z.ZodType | undefined,
> {
  readonly kind: 'sync';
  readonly options: SyncOptions<M, S, C>;
}

/** Declares a sync. Pure: nothing happens until the server, `dev` or a test runs it. */
export function defineSync<
  const M extends Models,
  S extends z.ZodType | undefined = undefined,
  C extends z.ZodType | undefined = undefined,
>(options: SyncOptions<M, S, C>): SyncDefinition<M, S, C> {
  return { kind: 'sync', options };
}
