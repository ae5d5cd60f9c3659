/** What outlives a reload of the page, but not its tab; browsers may refuse to keep anything. */
export interface TabStorage {
  read(key: string): string | null;
  /** @returns whether it is kept; null removes it */
  keep(key: string, text: string | null): boolean;
}

export function createTabStorage(page: Pick<Window, 'sessionStorage'>): TabStorage {
  return {
    read(key) {
      try {
        return page.sessionStorage.getItem(key);
      } catch {
        return null;
      }
    },
    keep(key, text) {
      try {
        if (text === null) page.sessionStorage.removeItem(key);
        else page.sessionStorage.setItem(key, text);
        return true;
      } catch {
        return false;
      }
    },
  };
}
