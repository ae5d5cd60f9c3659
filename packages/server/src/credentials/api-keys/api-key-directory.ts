import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';
import type { Notifications } from '../../engine/notifications/notifications.ts';
import { findApiKey, type ApiKeyOwner, type FoundApiKey } from './find-api-key.ts';
import { hashSecret } from '../random-secret.ts';
import { apiKeyChannel } from './queries/revoke-api-key-row.ts';

/** A key that another server revoked is refused after this time at the latest, should its message be lost. */
const rememberedMs = 10_000;
const rememberedKeys = 1_000;

/**
 * Whose keys are whose. Keys that were good a moment ago are remembered by their hash, so that a busy client costs no
 * query a request; unknown ones are not, so nobody can fill the memory with guesses.
 */
export interface ApiKeyDirectory {
  /** What is remembered of it: no query is made. */
  recall(key: string): ApiKeyOwner | undefined;
  find(key: string): Promise<FoundApiKey | undefined>;
  /** From now on it is looked up again. */
  forget(keyId: number): void;
  /** Hears of keys that other servers revoke. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export function createApiKeyDirectory(context: {
  database: Kysely<Schema>;
  notifications: Notifications;
  now: () => number;
}): ApiKeyDirectory {
  const { database, notifications, now } = context;
  const remembered = new Map<string, { owner: ApiKeyOwner; untilMs: number }>();
  let subscription: { close(): Promise<void> } | undefined;
  // A key that is revoked while it is looked up must not be remembered.
  let forgotten = 0;

  function forget(keyId: number): void {
    forgotten += 1;
    for (const [name, { owner }] of remembered) if (owner.keyId === keyId) remembered.delete(name);
  }

  function recall(key: string): ApiKeyOwner | undefined {
    const known = remembered.get(nameOf(key));
    return known && known.untilMs > now() ? known.owner : undefined;
  }

  return {
    recall,
    async find(key) {
      const before = forgotten;
      const name = nameOf(key);
      remembered.delete(name);
      const found = await findApiKey(database, hashSecret(key));
      if (!found?.good || before !== forgotten) return found;
      const untilMs = Math.min(now() + rememberedMs, found.owner.expiresAt?.getTime() ?? Infinity);
      remembered.set(name, { owner: found.owner, untilMs });
      const oldest = remembered.keys().next();
      if (remembered.size > rememberedKeys && !oldest.done) remembered.delete(oldest.value);
      return found;
    },
    forget,
    async start() {
      subscription = await notifications.listen(apiKeyChannel, {
        onMessage: (keyId) => forget(Number(keyId)),
        onReconnect: () => {
          forgotten += 1;
          remembered.clear();
        },
      });
    },
    stop: async () => subscription?.close(),
  };
}

function nameOf(key: string): string {
  return hashSecret(key).toString('base64');
}
