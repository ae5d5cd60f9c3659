import type { PaginationInput } from '../provider/provider-schema.ts';

export type QueryValue = string | number | boolean | undefined | null | ReadonlyArray<string | number>;

export interface RequestOptions {
  /** Query parameters; undefined and null are left out, lists repeat the name. */
  params?: Record<string, QueryValue>;
  headers?: Record<string, string>;
  /** Sent as JSON, unless it is URLSearchParams (form), text, bytes or FormData (multipart). */
  body?: unknown;
  /** How to read the answer. Default `json` (an empty body reads as undefined). */
  responseType?: 'json' | 'text' | 'bytes';
  /** Milliseconds for one attempt. Default: the provider's requestTimeoutMs. */
  timeoutMs?: number;
  /** Whether a failed attempt may be repeated. Default: true for GET, HEAD, PUT, DELETE, OPTIONS; POST and PATCH are repeated only when the provider refused them for its rate limit. */
  retry?: boolean;
  /**
   * A POST that changes nothing, such as a search or a GraphQL query: a preview environment that blocks writes sends it.
   * Default: true for GET, HEAD and OPTIONS, and for all that `paginate` asks.
   */
  isRead?: boolean;
}

/** The shape that script authors know from axios. */
export interface ProviderResponse<Data = unknown> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly data: Data;
}

export interface PaginateOptions extends RequestOptions {
  /** Default: GET, of the style `graphql` POST. */
  method?: 'GET' | 'POST';
  /** Overrides the provider's default, or part of it when the style is the same. */
  pagination?: PaginationInput | Partial<PaginationInput> | NextPage;
  /**
   * Of syncs: remembers, with the records saved before, which page comes next, so that a run that is interrupted goes
   * on there rather than at the first page. Default false.
   */
  resume?: boolean;
}

/** What a page was, for a function that knows the next one. */
export interface PageAnswered {
  readonly response: ProviderResponse;
  readonly items: readonly unknown[];
  /** Items on this page and the pages before it. */
  readonly total: number;
}

/** Pages that no style describes: the list of an answer, and what changes in the request of the next page. */
export interface NextPage {
  items: (response: ProviderResponse) => readonly unknown[];
  /**
   * undefined: this was the last page. `params` change the parameters of the page before (undefined takes one away), a
   * `path` with a query replaces them all; `body` replaces the body.
   */
  next: (page: PageAnswered) => { path?: string; params?: Record<string, QueryValue>; body?: unknown } | undefined;
}

/** Requests to the connection's provider: authorised, retried, limited; paths are relative to its base URL. */
export interface ScriptRequests {
  request<Data = unknown>(method: string, path: string, options?: RequestOptions): Promise<ProviderResponse<Data>>;
  get<Data = unknown>(path: string, options?: RequestOptions): Promise<ProviderResponse<Data>>;
  post<Data = unknown>(path: string, body?: unknown, options?: RequestOptions): Promise<ProviderResponse<Data>>;
  put<Data = unknown>(path: string, body?: unknown, options?: RequestOptions): Promise<ProviderResponse<Data>>;
  patch<Data = unknown>(path: string, body?: unknown, options?: RequestOptions): Promise<ProviderResponse<Data>>;
  delete<Data = unknown>(path: string, options?: RequestOptions): Promise<ProviderResponse<Data>>;
  /** Reads a list page by page, to the end. */
  paginate<Item = Record<string, unknown>>(path: string, options?: PaginateOptions): AsyncIterable<Item[]>;
}
