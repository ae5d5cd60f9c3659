import { describe, expect, it } from 'vitest';
import { createAppWindow } from './app-window.ts';
import { isWebAddress } from './is-web-address.ts';
import { keepPendingAttempt, readPendingAttempt } from './pending-attempt.ts';
import { readSessionToken } from './read-session-token.ts';
import { returnAddress } from './return-address.ts';
import { createTabStorage, type TabStorage } from './tab-storage.ts';

function memoryStorage(): TabStorage {
  const texts = new Map<string, string>();
  return {
    read: (key) => texts.get(key) ?? null,
    keep(key, text) {
      if (text === null) texts.delete(key);
      else texts.set(key, text);
      return true;
    },
  };
}

function pageAt(hash: string) {
  const replaced: unknown[] = [];
  const page = {
    location: { hash, pathname: '/connect', search: '?a=1' },
    history: { replaceState: (...given: unknown[]) => replaced.push(given[2]) },
  } as unknown as Pick<Window, 'location' | 'history'>;
  return { page, replaced };
}

describe("the session's token", () => {
  it('leaves the address and is there when the page is loaded again', () => {
    const storage = memoryStorage();
    const { page, replaced } = pageAt('#session=tcs_1');
    expect(readSessionToken(page, storage)).toBe('tcs_1');
    expect(replaced).toEqual(['/connect?a=1']);
    expect(readSessionToken(pageAt('').page, storage)).toBe('tcs_1');
  });

  it('stays in the address where the browser keeps nothing', () => {
    const blocked = createTabStorage({
      get sessionStorage(): Storage {
        throw new Error('blocked');
      },
    });
    const { page, replaced } = pageAt('#session=tcs_1');
    expect(readSessionToken(page, blocked)).toBe('tcs_1');
    expect(replaced).toEqual([]);
    expect(readSessionToken(pageAt('').page, blocked)).toBeNull();
  });
});

it('keeps a pending attempt, and nothing that is damaged', () => {
  const storage = memoryStorage();
  const attempt = { id: 'a', integration: 'github', url: 'https://example.com' };
  keepPendingAttempt(storage, attempt);
  expect(readPendingAttempt(storage)).toEqual(attempt);
  storage.keep('tenon:attempt', '{');
  expect(readPendingAttempt(storage)).toBeNull();
  keepPendingAttempt(storage, null);
  expect(readPendingAttempt(storage)).toBeNull();
});

it('tells the opener, addressed to each allowed origin and to no other', () => {
  const sent: unknown[] = [];
  const opener = { postMessage: (...given: unknown[]) => sent.push(given) };
  createAppWindow({ opener }, ['https://a.example']).tellConnected({ integration: 'github', connection: 'u' });
  expect(sent).toEqual([[{ type: 'tenon:connected', integration: 'github', connection: 'u' }, 'https://a.example']]);
  expect(createAppWindow({ opener }, []).isPopup).toBe(false);
  expect(createAppWindow({ opener: null }, ['https://a.example']).isPopup).toBe(false);
});

it('returns to allowed origins only, with the result in the query', () => {
  const view = { returnUrl: 'https://a.example/done?x=1', allowedOrigins: ['https://a.example'] };
  const connected = { integration: 'github', connection: 'u 1' };
  expect(returnAddress(view, connected)).toBe('https://a.example/done?x=1&integration=github&connection=u+1');
  expect(returnAddress({ ...view, allowedOrigins: ['https://b.example'] }, connected)).toBeNull();
  expect(returnAddress({ ...view, returnUrl: null }, connected)).toBeNull();
});

it('opens addresses of the web only', () => {
  expect(['https://a.example', 'http://a.example', 'javascript:alert(1)', 'data:,', '/x'].map(isWebAddress)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});
