import type { Dispatcher } from 'undici';
import type { Fault, RunStep } from './history.ts';
import { MemoryDispatcher, type MemoryAnswer } from './memory-dispatcher.ts';
import { ProviderListing } from './provider-listing.ts';
import type { Item, Truth } from './truth.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface StormProvider {
  readonly dispatcher: Dispatcher;
  readonly listing: ProviderListing;
  /** What happens to the run that begins. */
  beginRun(during: RunStep['during']): void;
  /** What happens to its next attempt. */
  beginAttempt(fault: Fault | undefined): void;
}

const fine = (body: unknown): MemoryAnswer => ({ status: 200, body: JSON.stringify(body) });
const broken: MemoryAnswer = { status: 503, body: '{"error":"down"}' };
const refused: MemoryAnswer = { status: 400, body: '{"error":"this part cannot be read"}' };
const busy: MemoryAnswer = { status: 429, headers: { 'retry-after': '1' }, body: '{"error":"slow down"}' };

/** The API that storms are read from: it serves the truth, is changed while it is read, and fails when told to. */
export function createStormProvider(options: {
  truth: Truth;
  time: VirtualTime;
  callMs: number;
  /** How an item looks in an answer. */
  serve?(item: Item): unknown;
  /** Sees every call, and may answer it instead. */
  intercept?(path: string): MemoryAnswer | undefined;
}): StormProvider {
  const { truth, time, callMs, serve = (item) => item } = options;
  const listing = new ProviderListing(truth);
  let during: RunStep['during'] = [];
  let fault: Fault | undefined;
  let callsOfRun = 0;
  let callsOfAttempt = 0;

  function stumble(how: 'busy' | 'broken' | 'cut' | 'reset', answer: MemoryAnswer): MemoryAnswer {
    if (how === 'busy') return busy;
    if (how === 'broken') return broken;
    if (how === 'reset') throw Object.assign(new Error('The connection was reset.'), { code: 'ECONNRESET' });
    return { ...answer, cutAfter: Math.floor(answer.body.length / 2) };
  }

  function answer(path: string): MemoryAnswer {
    time.pass(callMs);
    const number = callsOfAttempt++;
    const numberOfRun = callsOfRun++;
    for (const { call, mutation, reshuffles } of during) {
      if (call !== numberOfRun) continue;
      truth.mutate(mutation);
      if (reshuffles) listing.shuffle += 1;
    }
    const intercepted = options.intercept?.(path);
    if (intercepted) return intercepted;
    const read = readPage(path);
    if (fault?.kind === 'partition is down' && path.includes(`part=${fault.part}`)) return refused;
    if (fault?.kind === 'provider is empty') return fine({ items: [], next: null });
    if (fault?.kind === 'provider is down' && number >= fault.call) return broken;
    if (fault?.kind === 'provider stumbles' && number === fault.call) return stumble(fault.how, read);
    return read;
  }

  function readPage(path: string): MemoryAnswer {
    const { pathname, searchParams } = new URL(path, 'https://tracker.example');
    if (pathname !== '/items') return { status: 404, body: '{"error":"not found"}' };
    const text = (name: string) => searchParams.get(name) ?? undefined;
    const { items, next } = listing.list({
      paging: (text('paging') ?? 'offset') as 'offset' | 'keyset' | 'snapshot',
      order: (text('order') ?? 'ascending') as 'ascending' | 'descending' | 'shuffled',
      since: text('since') ?? '',
      part: text('part'),
      withDeleted: text('deleted') === 'with',
      after: text('after'),
    });
    return fine({ items: items.map(serve), next });
  }

  return {
    dispatcher: new MemoryDispatcher(answer),
    listing,
    beginRun(given) {
      during = given;
      callsOfRun = 0;
    },
    beginAttempt(given) {
      fault = given;
      callsOfAttempt = 0;
    },
  };
}
