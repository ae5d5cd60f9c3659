import { TenonError } from '../errors/tenon-error.ts';
import type { PageRequest } from './next-page.ts';

export interface LoopDetector {
  /** @throws TenonError `pagination_loop` when this page was read before */
  check(request: PageRequest, items: readonly unknown[]): void;
}

function failLoop(path: string, what: string): never {
  throw new TenonError('pagination_loop', `The pages of ${path} go in a circle: ${what}.`, {
    hint: "Check the pagination against the provider's documentation: usually the cursor or offset parameter has another name.",
    details: { path },
  });
}

/**
 * Notices pages that lead back to a page read before. Addresses and cursors are compared; a counted page cannot come
 * back, but a provider that ignores the parameter sends the first page for ever, so there the contents are compared.
 */
export function createLoopDetector(path: string): LoopDetector {
  const seen = new Set<string>();
  let previous = '';
  return {
    check({ key }, items) {
      if (key !== undefined) {
        if (seen.has(key)) failLoop(path, 'an address or cursor came for the second time');
        seen.add(key);
        return;
      }
      if (items.length === 0) return;
      const contents = JSON.stringify([items.length, items[0], items.at(-1)]);
      if (contents === previous) failLoop(path, 'two pages in a row have the same items');
      previous = contents;
    },
  };
}
