import type { PaginateOptions } from '../../define/script-requests.ts';
import type { EngineRequests, PageWatch } from '../../request/page-watch.ts';
import type { Observation } from './observation.ts';
import type { ResumablePages } from './resumable-pages.ts';

/** Requests of a sync or a partition: each tells since when its answer is true, and paginations can be resumed. */
export function observeRequests(
  requests: EngineRequests,
  { observation, resumable }: { observation: Observation; resumable: ResumablePages },
): EngineRequests {
  const observed = async <Answer>(request: Promise<Answer>, end: () => void): Promise<Answer> => {
    try {
      return await request;
    } finally {
      end();
    }
  };
  // The request is begun before it is awaited, so that its start is noted in the call itself.
  const start = <Answer>(begin: () => Promise<Answer>): Promise<Answer> => {
    const end = observation.startRequest();
    return observed(begin(), end);
  };

  async function* readPages<Item>(path: string, options: PaginateOptions): AsyncGenerator<Item[], void, undefined> {
    const position = resumable.begin(path, options);
    if (position.isDone) return;
    const pages = observation.startPages();
    let next: Parameters<NonNullable<PageWatch['onPage']>>[0]['next'];
    const watch: PageWatch = {
      from: position.from,
      onPage(page) {
        pages.give(page.requestedAtMs);
        next = page.next;
      },
    };
    try {
      for await (const items of requests.paginate<Item>(path, options, watch)) {
        position.enter();
        yield items;
        position.leave(next);
      }
      position.finish();
    } finally {
      pages.end();
      position.end();
    }
  }

  return {
    request: (method, path, options) => start(() => requests.request(method, path, options)),
    get: (path, options) => start(() => requests.get(path, options)),
    post: (path, body, options) => start(() => requests.post(path, body, options)),
    put: (path, body, options) => start(() => requests.put(path, body, options)),
    patch: (path, body, options) => start(() => requests.patch(path, body, options)),
    delete: (path, options) => start(() => requests.delete(path, options)),
    paginate: <Item>(path: string, options: PaginateOptions = {}) => ({
      [Symbol.asyncIterator]: () => readPages<Item>(path, options),
    }),
  };
}
