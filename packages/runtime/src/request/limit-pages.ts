import type { PaginateFrom } from './paginate.ts';
import type { ProviderClient } from './provider-client.ts';

/**
 * A client whose lists end after so many pages that hold items, over all lists of the run, as if the provider had no
 * more: for trying a script without reading a whole account. Requests that are no lists go on.
 */
export function limitPages(client: ProviderClient, pages: number): ProviderClient {
  let left = pages;

  async function* limit<Item>(list: AsyncIterable<Item[]>): AsyncGenerator<Item[], void, undefined> {
    if (left <= 0) return;
    for await (const page of list) {
      left -= 1;
      yield page;
      // Before the next page is asked for; what was asked for ahead is given up.
      if (left <= 0) return;
    }
  }

  return {
    ...client,
    paginate: <Item>(path: string, options = {}) => limit(client.paginate<Item>(path, options)),
    paginateFrom: <Item>(path: string, options = {}, from: PaginateFrom = {}) =>
      limit(client.paginateFrom<Item>(path, options, from)),
  };
}
