import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';

interface Kept {
  readonly payload: AdapterPayload;
  readonly expiresAtMs: number;
}

/**
 * Keeps what one provider issued. oidc-provider's own adapter is shared by all providers of a process and forgets after
 * a thousand entries, which a test of many connections reaches.
 */
export function createMemoryAdapter(): AdapterFactory {
  const kept = new Map<string, Kept>();
  return (model) => createModelAdapter(kept, model);
}

function createModelAdapter(kept: Map<string, Kept>, model: string): Adapter {
  const keyOf = (id: string): string => `${model}:${id}`;

  function findWhere(matches: (payload: AdapterPayload) => boolean): AdapterPayload | undefined {
    for (const [key, { payload, expiresAtMs }] of kept) {
      if (key.startsWith(`${model}:`) && expiresAtMs > Date.now() && matches(payload)) return payload;
    }
    return undefined;
  }

  return {
    async upsert(id, payload, expiresIn) {
      kept.set(keyOf(id), { payload, expiresAtMs: expiresIn ? Date.now() + expiresIn * 1_000 : Infinity });
    },
    async find(id) {
      const entry = kept.get(keyOf(id));
      return entry && entry.expiresAtMs > Date.now() ? entry.payload : undefined;
    },
    findByUid: async (uid) => findWhere((payload) => payload.uid === uid),
    findByUserCode: async (userCode) => findWhere((payload) => payload.userCode === userCode),
    async consume(id) {
      const entry = kept.get(keyOf(id));
      if (entry) entry.payload.consumed = Math.floor(Date.now() / 1_000);
    },
    async destroy(id) {
      kept.delete(keyOf(id));
    },
    async revokeByGrantId(grantId) {
      for (const [key, { payload }] of kept) if (payload.grantId === grantId) kept.delete(key);
    },
  };
}
