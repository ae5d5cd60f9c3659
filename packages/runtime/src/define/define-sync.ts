import type { z } from 'zod';
import type { Duration } from './duration.ts';
import type { ScheduleInput } from './schedule.ts';
import type { ScriptContext } from './script-context.ts';

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
   * `unordered` (default): it is committed when the run has succeeded.
   */
  order?: 'ascending' | 'unordered';
  /** How far behind the newest value the next run starts, for providers whose lists lag. Needs ISO 8601 values. */
  lag?: Duration;
}

export interface SyncContext<M extends Models, Settings> extends ScriptContext {
  readonly settings: Settings;
  /** Where to read from, inclusive; the engine owns it. Undefined without `cursor`, or on the first run without `initial`. */
  readonly cursor: string | number | undefined;
  /** Adds or updates records; resolves when they are committed or safely queued behind earlier pages. */
  save<Name extends keyof M & string>(model: Name, records: ReadonlyArray<z.input<M[Name]>>): Promise<void>;
  /** Marks records as deleted. */
  remove<Name extends keyof M & string>(model: Name, ids: ReadonlyArray<string | number>): Promise<void>;
}

export interface SyncOptions<M extends Models, S extends z.ZodType | undefined> {
  description?: string;
  /** Zod object schemas by name; each needs an `id` that is a string or a number. */
  models: M;
  /** Absent: runs only when triggered. */
  schedule?: ScheduleInput;
  /** Settings per connection. */
  settings?: S;
  cursor?: CursorOptions;
  /**
   * `none` (default): records are deleted only by `remove`. `absence`: what a complete, successful run did not save
   * is deleted; cannot be combined with `cursor`.
   */
  deletes?: 'none' | 'absence';
  /** Milliseconds as a duration; the run ends as timed_out after it. Default 1h. */
  timeout?: Duration;
  run(sync: SyncContext<M, S extends z.ZodType ? z.output<S> : undefined>): Promise<void> | void;
}

export interface SyncDefinition<M extends Models = Models, S extends z.ZodType | undefined = z.ZodType | undefined> {
  readonly kind: 'sync';
  readonly options: SyncOptions<M, S>;
}

/** Declares a sync. Pure: nothing happens until the server, `dev` or a test runs it. */
export function defineSync<const M extends Models, S extends z.ZodType | undefined = undefined>(
  options: SyncOptions<M, S>,
): SyncDefinition<M, S> {
  return { kind: 'sync', options };
}
