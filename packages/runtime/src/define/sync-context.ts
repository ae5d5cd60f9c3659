import type { z } from 'zod';
import type { Models } from './define-sync.ts';
import type { ScriptContext } from './script-context.ts';
import type { ProviderResponse, RequestOptions } from './script-requests.ts';

type ModelName<M extends Models> = keyof M & string;

/** A part of a record: what it leaves out stays as it is stored, at every depth; lists are replaced whole. */
export type RecordPatch<T> = T extends readonly unknown[]
  ? T
  : T extends Date
    ? T
    : T extends object
      ? { [Key in keyof T]?: RecordPatch<T[Key]> }
      : T;

/** What syncs can do in `run` and in `onWebhook` alike. */
export interface SyncContext<M extends Models, Settings> extends ScriptContext {
  readonly settings: Settings;
  /** Adds or replaces records; resolves when they are committed or safely queued behind earlier pages. */
  save<Name extends ModelName<M>>(model: Name, records: ReadonlyArray<z.input<M[Name]>>): Promise<void>;
  /**
   * Changes parts of stored records. Each patch names its record by `id`; the result has to be what the model says.
   * A patch of a record that is not stored is left out.
   * @returns the ids that were not stored
   */
  update<Name extends ModelName<M>>(
    model: Name,
    patches: ReadonlyArray<RecordPatch<z.input<M[Name]>> & { id: string | number }>,
  ): Promise<string[]>;
  /** Marks records as deleted; needs `deletes: 'feed'`. */
  delete<Name extends ModelName<M>>(model: Name, ids: ReadonlyArray<string | number>): Promise<void>;
  /** Makes a DELETE request. */
  delete<Data = unknown>(path: string, options?: RequestOptions): Promise<ProviderResponse<Data>>;
  /** Reads own records back by id, in the order of the ids; undefined: not stored, or deleted. Sees what was saved before. */
  read<Name extends ModelName<M>>(
    model: Name,
    ids: ReadonlyArray<string | number>,
  ): Promise<Array<z.output<M[Name]> | undefined>>;
  /** Lists own live records, a page at a time. Sees what was saved before. */
  list<Name extends ModelName<M>>(model: Name): AsyncIterable<Array<z.output<M[Name]>>>;
}

/** What `run` is given, for the whole sync or for one of its partitions. */
export interface SyncRunContext<M extends Models, Settings, Checkpoint = never> extends SyncContext<M, Settings> {
  /** Where to read from, inclusive; the engine owns it. Undefined without `cursor`, or on the first run without `initial`. */
  readonly cursor: string | number | undefined;
  /** Of a backfill: where to stop reading. Undefined: read to the end. */
  readonly until: string | number | undefined;
  /** What the last committed `setCheckpoint` gave. */
  readonly checkpoint: Checkpoint | undefined;
  /** Remembers a value, with the records that were saved before: both are committed, or neither. */
  setCheckpoint(value: Checkpoint): Promise<void>;
  /**
   * Reads a part of the connection, such as one repository, with a cursor and a checkpoint of its own. When `read`
   * fails, the other partitions go on and the run ends as `partial`.
   */
  partition(
    key: string,
    read: (partition: SyncRunContext<M, Settings, Checkpoint>) => Promise<void> | void,
  ): Promise<void>;
}
