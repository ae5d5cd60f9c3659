import type { PaginateOptions, ProviderResponse, RequestOptions } from '../define/script-requests.ts';
import type { Provider } from '../provider/provider-schema.ts';
import { createLoopDetector, type LoopDetector } from './loop-detector.ts';
import { bodyOf, type PageRequest } from './page-request.ts';
import { createPageSource, type PageSource } from './page-source.ts';
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
  /** Unix time in milliseconds. */
  readonly now: () => number;
  readonly signal: AbortSignal;
}

export interface PaginateFrom {
  /** The page to begin with, as `onPage` told of it; undefined: the first. */
  readonly start?: PageRequest | undefined;
  /** Called for every page, empty ones too, in order, just before its items are handed out. */
  onPage?(page: ReadPage): void;
}

export interface ReadPage {
  /** Unix time in milliseconds, from before the page was asked for. */
  readonly requestedAtMs: number;
  /** JSON. undefined: this is the last page. */
  readonly next: PageRequest | undefined;
}

interface PageRead extends ReadPage {
  readonly items: readonly unknown[];
}

interface Reading {
  readonly source: PageSource;
  readonly loops: LoopDetector;
  readonly signal: AbortSignal;
}

async function readPage(setup: PaginateSetup, request: PageRequest, reading: Reading): Promise<PageRead> {
  const { source, loops, signal } = reading;
  const { pagination: _, method: __, resume: ___, ...requestOptions } = setup.options;
  const requestedAtMs = setup.now();
  const response = await setup.perform(
    source.method,
    request.path,
    // Reading a list has no effect, so a search by POST may be repeated like a GET.
    {
      retry: true,
      ...requestOptions,
      isRead: true,
      responseType: 'json',
      params: request.params,
      body: bodyOf(request),
    },
    signal,
  );
  const items = source.readItems(response);
  loops.check(request, items);
  const next = source.next({ request, response, items });
  if (!next || !source.givesLinks || next.path === request.path) return { items, next, requestedAtMs };
  return { items, next: { ...next, path: setup.resolveLink(next.path, request.path) }, requestedAtMs };
}

const ignore = (): void => undefined;

async function* readPages(setup: PaginateSetup, from: PaginateFrom): AsyncGenerator<unknown[], void, undefined> {
  const { path, options, signal } = setup;
  const source = createPageSource(setup.provider, path, options);
  const stopped = new AbortController();
  const onAbort = (): void => stopped.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  const reading = { source, loops: createLoopDetector(redact(path, [])), signal: stopped.signal };
  try {
    let coming: Promise<PageRead> | undefined = readPage(setup, from.start ?? source.first(), reading);
    while (coming) {
      const { items, next, requestedAtMs }: PageRead = await coming;
      // One page ahead: the provider answers while the script works on this page. More would only fill memory.
      coming = next && readPage(setup, next, reading);
      // A failure is thrown when the page is asked for; a script that stops before that never hears of it.
      coming?.catch(ignore);
      from.onPage?.({ requestedAtMs, next });
      if (items.length > 0) yield [...items];
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    stopped.abort(new DOMException('The script stopped reading pages.', 'AbortError'));
  }
}

/**
 * Reads a list page by page, one page ahead of its reader, from any page on. Empty pages are left out. Each iteration
 * reads anew.
 * @throws TenonError while iterating: `provider_request_invalid`, `provider_answer_invalid`, `pagination_loop`, and
 * what requests throw
 */
export function paginateFrom(setup: PaginateSetup, from: PaginateFrom): AsyncIterable<unknown[]> {
  return { [Symbol.asyncIterator]: () => readPages(setup, from) };
}
