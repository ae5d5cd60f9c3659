import type { TabStorage } from './tab-storage.ts';

const storageKey = 'tenon:session';

/**
 * Takes the session's token out of the address, so that it is in no screenshot and no copied link, and keeps it for
 * as long as the tab lives, so that the page can be loaded again.
 */
export function readSessionToken(page: Pick<Window, 'location' | 'history'>, storage: TabStorage): string | null {
  const token = new URLSearchParams(page.location.hash.slice(1)).get('session');
  if (token === null || token === '') return storage.read(storageKey);
  // Without a storage the address is the only place that survives a reload.
  if (storage.keep(storageKey, token)) {
    page.history.replaceState(null, '', page.location.pathname + page.location.search);
  }
  return token;
}
