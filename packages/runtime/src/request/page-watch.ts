import type { PaginateOptions, ScriptRequests } from '../define/script-requests.ts';
import type { PageRequest } from './page-request.ts';

/** What the engine, not the script, wants of a pagination. */
export interface PageWatch {
  /** Instead of the first page: where an interrupted run goes on. */
  readonly from?: PageRequest | undefined;
  /** Called with each page, also an empty one, just before it is given to the script. */
  onPage?(page: PageSeen): void;
}

export interface PageSeen {
  /** Unix time in milliseconds when the page was asked for. */
  readonly requestedAtMs: number;
  /** Plain JSON, unless the script's body is none; undefined: this page is the last. */
  readonly next: PageRequest | undefined;
}

/** Requests as the engine has them: a pagination can be watched, and begun in the middle. */
export interface EngineRequests extends ScriptRequests {
  paginate<Item = Record<string, unknown>>(
    path: string,
    options?: PaginateOptions,
    watch?: PageWatch,
  ): AsyncIterable<Item[]>;
}
