import type { Adapter, AdapterPayload } from 'oidc-provider';

/** What the authorization server remembers, with the switches of the control routes. */
export interface MemoryStore {
  /** As oidc-provider asks for one: an adapter for each kind of thing. */
  adapterOf(model: string): Adapter;
  /** Access tokens end now; refresh tokens stay good. */
  expireAccessTokens(): void;
  /** Access and refresh tokens and the consents behind them are gone: everybody has to consent again. */
  revokeAll(): void;
  /** While true, every refresh token is unknown. */
  isRefreshRefused: boolean;
}

interface Entry {
  readonly payload: AdapterPayload;
  readonly expiresAtMs: number;
}

/**
 * oidc-provider's own memory adapter forgets the oldest of a thousand entries and shares them between servers of one
 * process; a sandbox has to keep what a load test makes of it, and each one its own.
 */
export function createMemoryStore(now: () => number): MemoryStore {
  const models = new Map<string, Map<string, Entry>>();
  const entriesOf = (model: string) => {
    const entries = models.get(model) ?? new Map<string, Entry>();
    models.set(model, entries);
    return entries;
  };
  const store: MemoryStore = {
    isRefreshRefused: false,
    expireAccessTokens: () => entriesOf('AccessToken').clear(),
    revokeAll() {
      for (const model of ['AccessToken', 'RefreshToken', 'AuthorizationCode', 'Grant']) entriesOf(model).clear();
    },
    adapterOf(model) {
      const entries = entriesOf(model);
      const find = async (id: string) => {
        const entry = entries.get(id);
        if (model === 'RefreshToken' && store.isRefreshRefused) return undefined;
        if (entry && entry.expiresAtMs > now()) return entry.payload;
        entries.delete(id);
        return undefined;
      };
      const findBy = async (name: 'uid' | 'userCode', value: string) => {
        const found = [...entries].find(([, { payload }]) => payload[name] === value);
        return found && find(found[0]);
      };
      return {
        find,
        findByUid: (uid) => findBy('uid', uid),
        findByUserCode: (code) => findBy('userCode', code),
        async upsert(id, payload, expiresInSeconds) {
          const lifetimeMs = expiresInSeconds === undefined ? Infinity : expiresInSeconds * 1_000;
          entries.set(id, { payload, expiresAtMs: now() + lifetimeMs });
        },
        async consume(id) {
          const entry = entries.get(id);
          if (entry) entry.payload.consumed = Math.floor(now() / 1_000);
        },
        async destroy(id) {
          entries.delete(id);
        },
        async revokeByGrantId(grantId) {
          for (const [id, { payload }] of entries) if (payload.grantId === grantId) entries.delete(id);
        },
      };
    },
  };
  return store;
}
