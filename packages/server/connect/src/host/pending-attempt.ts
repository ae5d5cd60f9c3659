import type { TabStorage } from './tab-storage.ts';

const storageKey = 'tenon:attempt';

/** What is needed to go on waiting after the page was loaded again. */
export interface PendingAttempt {
  readonly id: string;
  readonly integration: string;
  readonly url: string;
}

export function keepPendingAttempt(storage: TabStorage, attempt: PendingAttempt | null): void {
  storage.keep(storageKey, attempt && JSON.stringify(attempt));
}

export function readPendingAttempt(storage: TabStorage): PendingAttempt | null {
  const text = storage.read(storageKey);
  if (text === null) return null;
  try {
    const { id, integration, url } = JSON.parse(text) as Partial<PendingAttempt>;
    return id !== undefined && integration !== undefined && url !== undefined ? { id, integration, url } : null;
  } catch {
    return null;
  }
}
