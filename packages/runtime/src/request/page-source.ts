import type { NextPage, PaginateOptions, ProviderResponse } from '../define/script-requests.ts';
import { TenonError } from '../errors/tenon-error.ts';
import type { Pagination, Provider } from '../provider/provider-schema.ts';
import { readPath } from '../provider/read-path.ts';
import { findNextPage, startPages, type PageAnswer } from './next-page.ts';
import { createPageRequest, type PageRequest } from './page-request.ts';
import { mergePagination } from './pagination-settings.ts';
import { redact } from './redact.ts';

/** How a list is read: by a declared style, or by a function of the script. */
export interface PageSource {
  readonly method: string;
  first(): PageRequest;
  readItems(response: ProviderResponse): readonly unknown[];
  next(answer: PageAnswer): PageRequest | undefined;
  /** The next page's address may be relative to the page that it stands on. */
  readonly givesLinks: boolean;
}

function describeShape(value: unknown): string {
  if (value === null || typeof value !== 'object') return value === undefined ? 'nothing' : String(typeof value);
  return `an object with ${Object.keys(value).slice(0, 10).join(', ') || 'no keys'}`;
}

function failList(where: string, { items, data, path }: { items: unknown; data: unknown; path: string }): never {
  throw new TenonError(
    'provider_answer_invalid',
    `Expected a list at ${where} of the answer, got ${describeShape(items)} (the answer is ${describeShape(data)}).`,
    {
      hint: 'Set pagination.items to the path of the list.',
      details: { itemsPath: where.replaceAll('"', ''), path: redact(path, []) },
    },
  );
}

/** Items of a connection: its nodes, or the node of each of its edges. */
function listPath(pagination: Pagination): string | undefined {
  return pagination.style === 'graphql' ? `${pagination.connection ?? ''}.${pagination.items}` : pagination.items;
}

function createStyledSource(pagination: Pagination, path: string, options: PaginateOptions): PageSource {
  const itemsPath = listPath(pagination);
  const isEdges = pagination.style === 'graphql' && pagination.items === 'edges';
  return {
    method: options.method ?? (pagination.style === 'graphql' ? 'POST' : 'GET'),
    first: () => startPages(pagination, path, options),
    readItems({ status, data }) {
      if (status === 204) return [];
      const items = itemsPath === undefined ? data : readPath(data, itemsPath);
      const where = itemsPath === undefined ? 'the answer itself' : `"${itemsPath}"`;
      if (!Array.isArray(items)) failList(where, { items, data, path });
      return isEdges ? items.map((edge: unknown) => readPath(edge, 'node')) : items;
    },
    next: (answer) => findNextPage(pagination, answer),
    givesLinks: pagination.style === 'link',
  };
}

function applyChange(request: PageRequest, change: ReturnType<NextPage['next']>): PageRequest | undefined {
  if (change === undefined || change === null) return undefined;
  const path = change.path ?? request.path;
  // An address with a query is whole, as next-page addresses are.
  const params = change.path?.includes('?') ? { ...change.params } : { ...request.params, ...change.params };
  if (!('body' in change)) return { ...request, path, params };
  return createPageRequest(path, { params, body: change.body });
}

function createFunctionSource(
  { items: readItems, next }: NextPage,
  path: string,
  options: PaginateOptions,
): PageSource {
  return {
    method: options.method ?? 'GET',
    first: () => createPageRequest(path, options),
    readItems(response) {
      const items: unknown = readItems(response);
      if (Array.isArray(items)) return items;
      throw new TenonError(
        'provider_request_invalid',
        `The items function of the pagination of ${redact(path, [])} gave ${describeShape(items)}, not a list.`,
        { hint: 'Return the list of the answer: items: (response) => response.data.results.' },
      );
    },
    next({ request, response, items }) {
      const total = request.itemsBefore + items.length;
      const following = applyChange(request, next({ response, items, total }));
      return following && { ...following, itemsBefore: total };
    },
    givesLinks: true,
  };
}

/** @throws TenonError `provider_request_invalid` for a pagination that is missing or cannot be used */
export function createPageSource(provider: Provider, path: string, options: PaginateOptions): PageSource {
  const { pagination: own } = options;
  if (own && 'next' in own) return createFunctionSource(own, path, options);
  return createStyledSource(mergePagination(provider, own), path, options);
}
