import type { PaginateOptions, ProviderResponse, QueryValue } from '../define/script-requests.ts';
import { TenonError } from '../errors/tenon-error.ts';
import type { Pagination } from '../provider/provider-schema.ts';
import { readPath } from '../provider/read-path.ts';
import { findLink } from './link-header.ts';

/** What to ask for to get one page. */
export interface PageRequest {
  readonly path: string;
  readonly params: Readonly<Record<string, QueryValue>>;
  readonly body: unknown;
  /** Items on the pages before this one. */
  readonly itemsBefore: number;
  /** Address or cursor of the page; undefined for the first page and for counted ones. */
  readonly key?: string;
}

export interface PageAnswer {
  readonly request: PageRequest;
  readonly response: ProviderResponse;
  readonly items: readonly unknown[];
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.prototype.toString.call(value) === '[object Object]';
}

/** A search by POST takes its position in the JSON body (HubSpot), everything else in the query. */
function setParameter(request: PageRequest, name: string, value: string | number): PageRequest {
  return isPlainObject(request.body)
    ? { ...request, body: { ...request.body, [name]: value } }
    : { ...request, params: { ...request.params, [name]: value } };
}

function readParameter(request: PageRequest, name: string): unknown {
  return isPlainObject(request.body) ? request.body[name] : request.params[name];
}

/** The request of the first page. */
export function startPages(pagination: Pagination, path: string, options: PaginateOptions): PageRequest {
  let request: PageRequest = {
    path,
    params: options.params ?? {},
    body: options.body,
    itemsBefore: 0,
  };
  const { limitParam, limit } = pagination;
  if (limitParam !== undefined && limit !== undefined && readParameter(request, limitParam) === undefined) {
    request = setParameter(request, limitParam, limit);
  }
  if (pagination.style === 'offset' && readParameter(request, pagination.param) === undefined) {
    request = setParameter(request, pagination.param, pagination.first);
  }
  return request;
}

type Style<Name extends Pagination['style']> = Extract<Pagination, { style: Name }>;

function followLink(pagination: Style<'link'>, { request, response }: PageAnswer): PageRequest | undefined {
  const target =
    pagination.path === undefined
      ? findLink(response.headers['link'], pagination.rel)
      : readPath(response.data, pagination.path);
  if (typeof target !== 'string' || target === '') return undefined;
  // The address is whole: it repeats the parameters of the first call.
  return { ...request, path: target, params: {}, key: target };
}

function readCursor(pagination: Style<'cursor'>, { response, items }: PageAnswer): unknown {
  if (pagination.path !== undefined) return readPath(response.data, pagination.path);
  return pagination.lastItemField === undefined ? undefined : readPath(items.at(-1), pagination.lastItemField);
}

function followCursor(pagination: Style<'cursor'>, answer: PageAnswer): PageRequest | undefined {
  const { morePath } = pagination;
  const more = morePath === undefined ? undefined : readPath(answer.response.data, morePath);
  if (morePath !== undefined && more !== true && more !== 'true') return undefined;
  const cursor = readCursor(pagination, answer);
  if ((typeof cursor === 'string' && cursor !== '') || typeof cursor === 'number') {
    return { ...setParameter(answer.request, pagination.param, cursor), key: String(cursor) };
  }
  if (morePath === undefined) return undefined;
  // Ending here would look like a complete read, and syncs delete what a complete read did not see.
  const where = pagination.path ?? `${pagination.lastItemField ?? 'lastItemField'} of the last item`;
  throw new TenonError(
    'provider_answer_invalid',
    `The provider says that there is more (${morePath}), but gives no cursor at ${where}.`,
    { hint: 'Check the cursor path of the pagination.', details: { morePath, cursorPath: where } },
  );
}

function followOffset(pagination: Style<'offset'>, { request, response, items }: PageAnswer): PageRequest | undefined {
  const itemsBefore = request.itemsBefore + items.length;
  if (items.length === 0) return undefined;
  const total = pagination.totalPath === undefined ? undefined : readPath(response.data, pagination.totalPath);
  if (typeof total === 'number') {
    // Trusted over the page's length: providers cap the limit that they are asked for.
    if (itemsBefore >= total) return undefined;
  } else {
    const asked = pagination.limitParam === undefined ? undefined : readParameter(request, pagination.limitParam);
    if (items.length < (asked === undefined ? pagination.limit : Number(asked))) return undefined;
  }
  const position = Number(readParameter(request, pagination.param)) + (pagination.unit === 'page' ? 1 : items.length);
  return { ...setParameter(request, pagination.param, position), itemsBefore };
}

/** The request of the page after this one; undefined: this is the last. */
export function findNextPage(pagination: Pagination, answer: PageAnswer): PageRequest | undefined {
  switch (pagination.style) {
    case 'link':
      return followLink(pagination, answer);
    case 'cursor':
      return followCursor(pagination, answer);
    case 'offset':
      return followOffset(pagination, answer);
  }
}
