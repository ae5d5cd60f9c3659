import type { PaginateOptions, ProviderResponse } from '../define/script-requests.ts';
import { TenonError } from '../errors/tenon-error.ts';
import type { Pagination } from '../provider/provider-schema.ts';
import { readPath } from '../provider/read-path.ts';
import { findLink } from './link-header.ts';
import { createPageRequest, readParameter, setParameter, type PageRequest, type Parameter } from './page-request.ts';

export interface PageAnswer {
  readonly request: PageRequest;
  readonly response: ProviderResponse;
  readonly items: readonly unknown[];
}

type Style<Name extends Pagination['style']> = Extract<Pagination, { style: Name }>;

function variable(name: string): Parameter {
  return { name: `variables.${name}`, place: 'body' };
}

function limitParameter(pagination: Pagination): Parameter | undefined {
  const { limitParam } = pagination;
  if (limitParam === undefined) return undefined;
  if (pagination.style === 'graphql') return variable(limitParam);
  return { name: limitParam, place: pagination.style === 'link' ? undefined : pagination.in };
}

/** The request of the first page. */
export function startPages(pagination: Pagination, path: string, options: PaginateOptions): PageRequest {
  let request = createPageRequest(path, options);
  const limit = limitParameter(pagination);
  if (limit && pagination.limit !== undefined && readParameter(request, limit) === undefined) {
    request = setParameter(request, limit, pagination.limit);
  }
  if (pagination.style === 'offset') {
    const position = { name: pagination.param, place: pagination.in };
    if (readParameter(request, position) === undefined) request = setParameter(request, position, pagination.first);
  }
  return request;
}

function followLink(pagination: Style<'link'>, { request, response }: PageAnswer): PageRequest | undefined {
  const target =
    pagination.path === undefined
      ? findLink(response.headers['link'], pagination.rel)
      : readPath(response.data, pagination.path);
  if (typeof target !== 'string' || target === '') return undefined;
  // The address is whole: it repeats the parameters of the first call.
  return { ...request, path: target, params: {} };
}

function saysMore(data: unknown, morePath: string): boolean {
  const more = readPath(data, morePath);
  return more === true || more === 'true';
}

function failWithoutCursor(morePath: string, cursorPath: string): never {
  // Ending here would look like a complete read, and syncs delete what a complete read did not see.
  throw new TenonError(
    'provider_answer_invalid',
    `The provider says that there is more (${morePath}), but gives no cursor at ${cursorPath}.`,
    { hint: 'Check the cursor path of the pagination.', details: { morePath, cursorPath } },
  );
}

function isCursor(value: unknown): value is string | number {
  return (typeof value === 'string' && value !== '') || typeof value === 'number';
}

function readCursor(pagination: Style<'cursor'>, { response, items }: PageAnswer): unknown {
  if (pagination.path !== undefined) return readPath(response.data, pagination.path);
  return pagination.lastItemField === undefined ? undefined : readPath(items.at(-1), pagination.lastItemField);
}

function followCursor(pagination: Style<'cursor'>, answer: PageAnswer): PageRequest | undefined {
  const { morePath } = pagination;
  if (morePath !== undefined && !saysMore(answer.response.data, morePath)) return undefined;
  const cursor = readCursor(pagination, answer);
  const parameter = { name: pagination.param, place: pagination.in };
  if (isCursor(cursor)) {
    const before = readParameter(answer.request, parameter);
    // Lists that can be polled for what comes next repeat the cursor at their end.
    if (morePath === undefined && answer.items.length === 0 && String(before) === String(cursor)) return undefined;
    return setParameter(answer.request, parameter, cursor);
  }
  if (morePath === undefined) return undefined;
  return failWithoutCursor(
    morePath,
    pagination.path ?? `${pagination.lastItemField ?? 'lastItemField'} of the last item`,
  );
}

function followConnection(pagination: Style<'graphql'>, { request, response }: PageAnswer): PageRequest | undefined {
  const pageInfo = `${pagination.connection ?? ''}.pageInfo`;
  const more = readPath(response.data, `${pageInfo}.hasNextPage`);
  if (more === false) return undefined;
  if (more !== true) {
    throw new TenonError('provider_answer_invalid', `Expected a boolean at ${pageInfo}.hasNextPage of the answer.`, {
      hint: 'Ask for `pageInfo { hasNextPage endCursor }` in the query, and check pagination.connection.',
      details: { connection: pagination.connection ?? '' },
    });
  }
  const cursor = readPath(response.data, `${pageInfo}.endCursor`);
  if (!isCursor(cursor)) return failWithoutCursor(`${pageInfo}.hasNextPage`, `${pageInfo}.endCursor`);
  return setParameter(request, variable(pagination.variable), cursor);
}

/** Providers cap the limit that they are asked for, at a round number or a power of two. */
function mayBeCap(length: number): boolean {
  return length >= 5 && (length % 5 === 0 || Number.isInteger(Math.log2(length)));
}

/**
 * A page that is shorter than asked for is the last one, unless the provider gives fewer than it is asked for: a first
 * page that is short by a round number is followed once more, and what comes then tells.
 * @returns the request to build on, or undefined at the end
 */
function judgeLength(pagination: Style<'offset'>, { request, items }: PageAnswer): PageRequest | undefined {
  const { lastPage } = pagination;
  if (items.length === 0) return undefined;
  if (lastPage === 'empty') return request;
  const limit = limitParameter(pagination);
  const asked = limit && readParameter(request, limit);
  const wanted = request.cappedAt ?? (asked === undefined ? pagination.limit : Number(asked));
  if (items.length >= wanted) return request;
  const isFirst = request.itemsBefore === 0;
  return isFirst && mayBeCap(items.length) ? { ...request, cappedAt: items.length } : undefined;
}

function judgeOffset(pagination: Style<'offset'>, answer: PageAnswer): PageRequest | undefined {
  const { request, response, items } = answer;
  const total = pagination.totalPath === undefined ? undefined : readPath(response.data, pagination.totalPath);
  // Trusted over the page's length: providers cap the limit that they are asked for.
  if (typeof total === 'number') {
    return items.length > 0 && request.itemsBefore + items.length < total ? request : undefined;
  }
  if (pagination.morePath !== undefined) return saysMore(response.data, pagination.morePath) ? request : undefined;
  return judgeLength(pagination, answer);
}

function followOffset(pagination: Style<'offset'>, answer: PageAnswer): PageRequest | undefined {
  const request = judgeOffset(pagination, answer);
  if (!request) return undefined;
  const { items } = answer;
  const parameter = { name: pagination.param, place: pagination.in };
  const step = pagination.unit === 'page' ? 1 : items.length;
  const next = setParameter(request, parameter, Number(readParameter(request, parameter)) + step);
  return { ...next, itemsBefore: request.itemsBefore + items.length };
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
    case 'graphql':
      return followConnection(pagination, answer);
  }
}
