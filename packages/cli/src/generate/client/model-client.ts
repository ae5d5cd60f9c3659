import { ChangeFeed, type ChangesAnswer } from './change-feed.ts';
import type { ConnectionContext } from './connection-context.ts';
import { List, type Page } from './list.ts';
import type { StoredRecord } from './stored-record.ts';
import type { CallOptions } from './transport.ts';

export interface ListOptions extends CallOptions {
  /** Only records that changed after this time (a Date, or ISO 8601). */
  readonly updatedAfter?: Date | string | undefined;
  /** Whether to include records that were deleted; `'only'`: those alone. Default false. */
  readonly deleted?: boolean | 'only' | undefined;
  /** Only records with these ids: at most 1,000, and as many as an address holds (some 8,000 characters). */
  readonly ids?: readonly (string | number)[] | undefined;
  /** Only records whose fields have these values, by dot-separated paths: `{ state: 'open', 'author.login': 'ada' }`. */
  readonly where?: { readonly [path: string]: string | number | boolean | null } | undefined;
  /** Records a page, at most 1,000. */
  readonly pageSize?: number | undefined;
}

export interface ChangesOptions extends CallOptions {
  /** From an earlier change or page; absent: from the start. */
  readonly cursor?: string | undefined;
  /** Changes a page, at most 1,000. */
  readonly pageSize?: number | undefined;
  /** Whether to say which fields changed, in `changedPaths`. Default false. */
  readonly paths?: boolean | undefined;
}

const defaultPageSize = 500;

/** Reads the records of one model of one connection. */
export class ModelClient<Model> {
  readonly #context: ConnectionContext;
  readonly #model: string;

  constructor(context: ConnectionContext, model: string) {
    this.#context = context;
    this.#model = model;
  }

  /** The records, as the model declares them. */
  async *list(options: ListOptions = {}): AsyncGenerator<Model, void, undefined> {
    for await (const record of this.records(options)) yield record.data;
  }

  /** The records with their times; `.pages()` reads page by page. */
  records(options: ListOptions = {}): List<StoredRecord<Model>> {
    const { updatedAfter, deleted, ids, where, pageSize = defaultPageSize, ...call } = options;
    if (ids?.some((id) => String(id).includes(','))) {
      throw new TypeError('An id with a comma cannot be one of a list; read it with getRecord.');
    }
    const nothing: Page<StoredRecord<Model>> = { items: [], nextCursor: null };
    if (ids?.length === 0) return new List(() => Promise.resolve(nothing));
    return new List((cursor) =>
      this.#context.transport.send<Page<StoredRecord<Model>>>({
        ...call,
        method: 'GET',
        path: [...this.#context.path, 'records', this.#model],
        query: {
          cursor,
          limit: pageSize,
          updatedAfter: updatedAfter instanceof Date ? updatedAfter.toISOString() : updatedAfter,
          deleted: deleted === true ? 'include' : deleted || undefined,
          ids: ids?.join(','),
          where: where && JSON.stringify(where),
        },
      }),
    );
  }

  /**
   * What changed since a cursor: the latest change of each record, oldest first; `.pages()` reads page by page.
   * Store the cursor of what you have handled, and go on from it later.
   */
  changes(options: ChangesOptions = {}): ChangeFeed<Model> {
    const { cursor: start, pageSize = defaultPageSize, paths, ...call } = options;
    return new ChangeFeed(
      (cursor) =>
        this.#context.transport.send<ChangesAnswer<Model>>({
          ...call,
          method: 'GET',
          path: [...this.#context.path, 'changes', this.#model],
          query: { cursor, limit: pageSize, paths },
        }),
      start,
    );
  }

  /**
   * One record, as the model declares it.
   * @throws TenonApiError `not_found`
   */
  async get(id: string | number, options: CallOptions = {}): Promise<Model> {
    return (await this.getRecord(id, options)).data;
  }

  /**
   * One record with its times.
   * @throws TenonApiError `not_found`
   */
  getRecord(id: string | number, options: CallOptions = {}): Promise<StoredRecord<Model>> {
    return this.#context.transport.send({
      ...options,
      method: 'GET',
      path: [...this.#context.path, 'records', this.#model, String(id)],
    });
  }
}
