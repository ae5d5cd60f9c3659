import type { PaginateOptions, ProviderResponse, RequestOptions } from '../define/script-requests.ts';
import { TenonError } from '../errors/tenon-error.ts';
import type { Pagination, Provider } from '../provider/provider-schema.ts';
import { readPath } from '../provider/read-path.ts';
import { createLoopDetector, type LoopDetector } from './loop-detector.ts';
import { findNextPage, startPages, type PageRequest } from './next-page.ts';
import { mergePagination } from './pagination-settings.ts';
import type { PageWatch } from './page-watch.ts';
import { redact } from './redact.ts';

export interface PaginateSetup {
  readonly provider: Provider;
  readonly path: string;
  readonly options: PaginateOptions;
  readonly perform: (
    method: string,
    path: string,
    options: RequestOptions,
    signal: AbortSignal,
  ) => Promise<ProviderResponse>;
  /** Makes a next-page address absolute; it is relative to the page that it stands on (RFC 8288 section 3.2). */
  readonly resolveLink: (target: string, from: string) => string;
  readonly signal: AbortSignal;
  /** Unix time in milliseconds. */
  readonly now: () => number;
  readonly watch?: PageWatch | undefined;
}

interface PageRead {
  readonly requestedAtMs: number;
  readonly items: unknown[];
  readonly next: PageRequest | undefined;
}

function describeShape(value: unknown): string {
  if (value === null || typeof value !== 'object') return value === undefined ? 'nothing' : String(typeof value);
  return `an object with ${Object.keys(value).slice(0, 10).join(', ') || 'no keys'}`;
}

function readItems(pagination: Pagination, path: string, { status, data }: ProviderResponse): unknown[] {
  if (status === 204) return [];
  const items = pagination.items === undefined ? data : readPath(data, pagination.items);
  if (Array.isArray(items)) return items;
  const where = pagination.items === undefined ? 'the answer itself' : `"${pagination.items}"`;
  throw new TenonError(
    'provider_answer_invalid',
    `Expected a list at ${where} of the answer, got ${describeShape(items)} (the answer is ${describeShape(data)}).`,
    {
      hint: 'Set pagination.items to the path of the list.',
      details: { itemsPath: pagination.items ?? '', path: redact(path, []) },
    },
  );
}

async function readPage(
  { path, options, perform, resolveLink, now }: PaginateSetup,
  pagination: Pagination,
  request: PageRequest,
  read: { loops: LoopDetector; signal: AbortSignal },
): Promise<PageRead> {
  const { pagination: _, method = 'GET', ...requestOptions } = options;
  const requestedAtMs = now();
  const response = await perform(
    method,
    request.path,
    // Reading a list has no effect, so a search by POST may be repeated like a GET.
    { retry: true, ...requestOptions, responseType: 'json', params: request.params, body: request.body },
    read.signal,
  );
  const items = readItems(pagination, path, response);
  read.loops.check(request, items);
  const next = findNextPage(pagination, { request, response, items });
  if (!next || pagination.style !== 'link') return { requestedAtMs, items, next };
  return { requestedAtMs, items, next: { ...next, path: resolveLink(next.path, request.path) } };
}

const ignore = (): void => undefined;

async function* readPages(setup: PaginateSetup): AsyncGenerator<unknown[], void, undefined> {
  const { path, options, signal, watch } = setup;
  const { pagination: own } = options;
  if (own && 'next' in own) throw new TenonError('internal', 'Pagination by a function is not there yet.');
  const pagination = mergePagination(setup.provider, own);
  const reading = new AbortController();
  const onAbort = (): void => reading.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  const read = { loops: createLoopDetector(redact(path, [])), signal: reading.signal };
  try {
    let coming: Promise<PageRead> | undefined = readPage(
      setup,
      pagination,
      watch?.from ?? startPages(pagination, path, options),
      read,
    );
    while (coming) {
      const { requestedAtMs, items, next }: PageRead = await coming;
      // One page ahead: the provider answers while the script works on this page. More would only fill memory.
      coming = next && readPage(setup, pagination, next, read);
      // A failure is thrown when the page is asked for; a script that stops before that never hears of it.
      coming?.catch(ignore);
      watch?.onPage?.({ requestedAtMs, next });
      if (items.length > 0) yield items;
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    reading.abort(new DOMException('The script stopped reading pages.', 'AbortError'));
  }
}

/**
 * Reads a list page by page, one page ahead of its reader. Empty pages are left out. Each iteration reads anew.
 * @throws TenonError while iterating: `provider_request_invalid`, `provider_answer_invalid`, `pagination_loop`, and
 * what requests throw
 */
export function paginate(setup: PaginateSetup): AsyncIterable<unknown[]> {
  return { [Symbol.asyncIterator]: () => readPages(setup) };
}
