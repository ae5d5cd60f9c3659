import type { EngineRequests, PageWatch } from '../../request/page-watch.ts';
import { createMemoryServer, type MemoryServer, type MemoryServerOptions } from '../../testing/memory-server.ts';
import type { SyncEnvironment } from '../script-environment.ts';
import type { OutgoingPage } from '../worker-protocol.ts';

/** A sync's surroundings without a provider: what it commits is kept, and stored in a server in memory. */
export interface OfflineRun {
  readonly environment: SyncEnvironment;
  readonly pages: OutgoingPage[];
  readonly logs: string[];
  readonly server: MemoryServer;
}

export function createOfflineRun(
  overrides: Partial<SyncEnvironment> & { pages?: (path: string) => unknown[][]; server?: MemoryServer } = {},
  options: MemoryServerOptions = {},
): OfflineRun {
  const { pages: answer, server = createMemoryServer(options), ...rest } = overrides;
  const pages: OutgoingPage[] = [];
  const logs: string[] = [];
  const environment: SyncEnvironment = {
    runId: 'run-1',
    integration: 'sandbox',
    connection: { id: 'acme', config: {}, metadata: {} },
    requests: createOfflineRequests(answer),
    signal: new AbortController().signal,
    ask: server.ask,
    log: (level, message) => logs.push(`${level}: ${message}`),
    commitPage(page) {
      pages.push(page);
      return server.commitPage(page);
    },
    ...rest,
  };
  return { environment, pages, logs, server };
}

/** Lists of which each page is asked for by its number; all other requests fail. */
function createOfflineRequests(answer: ((path: string) => unknown[][]) | undefined): EngineRequests {
  const offline = () => Promise.reject(new Error('offline'));
  return {
    request: offline,
    get: offline,
    post: offline,
    put: offline,
    patch: offline,
    delete: offline,
    async *paginate<Item>(path: string, _options = {}, watch: PageWatch = {}) {
      const all = answer?.(path) ?? [];
      const request = (index: number) => ({ path, params: { page: index }, body: undefined, itemsBefore: 0 });
      for (let index = Number(watch.from?.params['page'] ?? 0); index < all.length; index += 1) {
        watch.onPage?.({
          requestedAtMs: 1_000 + index,
          next: index + 1 < all.length ? request(index + 1) : undefined,
        });
        yield (all[index] ?? []) as Item[];
      }
    },
  };
}
