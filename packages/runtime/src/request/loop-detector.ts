import { createHash } from 'node:crypto';
import { TenonError } from '../errors/tenon-error.ts';
import type { PageRequest } from './page-request.ts';

export interface LoopDetector {
  /** @throws TenonError `pagination_loop` when this page was read before */
  check(request: PageRequest, items: readonly unknown[]): void;
}

/** A list that changes while it is read may shift by one item, and show a page of one once more. */
const repeatsOfOneItem = 2;

function failLoop(path: string, what: string): never {
  throw new TenonError('pagination_loop', `The pages of ${path} go in a circle: ${what}.`, {
    hint: "Check the pagination against the provider's documentation: usually the cursor or offset parameter has another name.",
    details: { path },
  });
}

/** Short, as a list may have very many pages. */
function fingerprint(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64').slice(0, 16);
}

/**
 * Notices pages that lead back to a page read before, in any style: a request that was made before, or items that came
 * before, as from a provider that ignores the parameter and sends its first page for ever. Of the items, the first, the
 * last and the one in the middle are compared: to read all of a page once more would cost as much as to parse it.
 */
export function createLoopDetector(path: string): LoopDetector {
  const requests = new Set<string>();
  const contents = new Map<string, number>();
  return {
    check({ path: address, params, body }, items) {
      const request = fingerprint([address, params, body]);
      if (requests.has(request)) failLoop(path, 'an address or cursor came for the second time');
      requests.add(request);
      if (items.length === 0) return;
      const sample = [items.length, items[0], items[items.length >> 1], items.at(-1)];
      const content = fingerprint(sample);
      const before = contents.get(content) ?? 0;
      contents.set(content, before + 1);
      if (before >= (items.length === 1 ? repeatsOfOneItem : 1)) failLoop(path, 'two pages have the same items');
    },
  };
}
