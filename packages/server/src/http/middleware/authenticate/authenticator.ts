import type { Kysely } from 'kysely';
import { TenonError } from '@tenon/runtime/errors';
import { findApiKey, type ApiKeyOwner } from '../../../credentials/api-keys/find-api-key.ts';
import { hashApiKey } from '../../../credentials/api-keys/hash-api-key.ts';
import type { Schema } from '../../../database/schema.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on routes that ask for an API key. */
    caller: ApiKeyOwner | null;
  }
}

/** A revoked key is refused after this time at the latest. */
const rememberedMs = 10_000;
const rememberedKeys = 1_000;

/**
 * Tells whose key an Authorization header holds. Keys that were good a moment ago are remembered by their hash, so
 * that a busy client costs no query a request; unknown ones are not, so nobody can fill the memory with guesses.
 */
export function createAuthenticator({ database, now }: { database: Kysely<Schema>; now: () => number }) {
  const remembered = new Map<string, { owner: ApiKeyOwner; untilMs: number }>();

  return async function authenticate(authorization: string | undefined): Promise<ApiKeyOwner> {
    const key = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
    if (key === undefined) throw refuse('There is no API key in the Authorization header.');
    const hash = hashApiKey(key);
    const name = hash.toString('base64');
    const known = remembered.get(name);
    if (known && known.untilMs > now()) return known.owner;
    remembered.delete(name);
    const owner = await findApiKey(database, hash);
    if (!owner) throw refuse('The API key is unknown, expired or revoked.');
    remembered.set(name, { owner, untilMs: now() + rememberedMs });
    const oldest = remembered.keys().next();
    if (remembered.size > rememberedKeys && !oldest.done) remembered.delete(oldest.value);
    return owner;
  };
}

function refuse(message: string): TenonError {
  return new TenonError('unauthorized', message, {
    hint: 'Send "Authorization: Bearer <key>". A local server keeps its first key in the file api-key of its data directory.',
  });
}
