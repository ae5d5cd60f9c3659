import type { Kysely } from 'kysely';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { TenonError } from '@tenon/runtime/errors';
import type { AuditActor } from '../../../audit/audit-actor.ts';
import { writeAudit } from '../../../audit/write-audit.ts';
import type { ApiKeyOwner, FoundApiKey } from '../../../credentials/api-keys/find-api-key.ts';
import { coversScopes } from '../../../credentials/api-keys/require-scopes.ts';
import type { Schema } from '../../../database/schema.ts';
import { enterPreview, previewHeader } from '../../../environments/enter-preview.ts';
import type { Route } from '../../route/route.ts';
import type { SecurityContext } from '../../security-context.ts';
import { clientNetwork } from '../rate-limit/client-network.ts';
import { createTokenBuckets, type TakenToken } from '../rate-limit/token-buckets.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on routes that ask for an API key. */
    caller: ApiKeyOwner | null;
    /** Who the audit log says it was; null: the route writes its row itself, or nobody is known. */
    actor: AuditActor | null;
  }
}

/** Refusals that the log and the audit log hear of, for each address and key: one a minute, after the first three. */
const heard = { perSecond: 1 / 60, burst: 3 };

/**
 * Lets a request pass whose API key is good, has the route's scope and is not used too often. Guessing is slowed down
 * by address; a key that was good a moment ago passes however much its neighbours guess.
 */
export function createAuthenticator(context: {
  database: Kysely<Schema>;
  security: SecurityContext;
  now: () => number;
}) {
  const { database, security, now } = context;
  const { requestsPerSecond, failedKeysPerMinute } = security.limits;
  const requests =
    requestsPerSecond > 0
      ? createTokenBuckets({ perSecond: requestsPerSecond, burst: requestsPerSecond * 2, now })
      : undefined;
  const failures =
    failedKeysPerMinute > 0
      ? createTokenBuckets({ perSecond: failedKeysPerMinute / 60, burst: failedKeysPerMinute, now })
      : undefined;
  const refusals = createTokenBuckets({ ...heard, now });
  const policy = `"key";q=${requestsPerSecond * 2};w=2`;

  async function identify(request: FastifyRequest): Promise<ApiKeyOwner> {
    const key = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
    const known = key === undefined ? undefined : security.apiKeys.recall(key);
    if (known) return known;
    const network = clientNetwork(request.ip);
    const patience = failures?.look(network);
    if (patience && !patience.allowed) throw tooMany('attempts without a good API key from this address', patience);
    const found = key === undefined ? undefined : await security.apiKeys.find(key);
    if (found?.good) return found.owner;
    failures?.take(network);
    if (refusals.take(network).allowed) {
      request.log.warn(
        { address: request.ip, keyId: found?.owner.keyId },
        'a request without a good API key was refused',
      );
      if (found)
        await writeRefusal(request, { owner: found.owner, action: 'key.refuse', reason: 'expired or revoked' });
    }
    // Whoever holds a key may hear what became of it; who guesses finds none.
    if (found) throw refuseEnded(found);
    throw refuse(key === undefined ? 'There is no API key in the Authorization header.' : 'The API key is unknown.');
  }

  function writeRefusal(
    request: FastifyRequest,
    { owner, action, reason }: { owner: ApiKeyOwner; action: string; reason: string },
  ): Promise<void> {
    return writeAudit(database, {
      actor: actorOf(owner),
      action,
      subject: `route:${request.method} ${request.routeOptions.url ?? ''}`,
      details: { reason },
      address: request.ip,
      requestId: request.id,
    });
  }

  function count(owner: ApiKeyOwner, reply: FastifyReply): void {
    const taken = requests?.take(String(owner.keyId));
    if (!taken) return;
    reply.header('ratelimit-policy', policy);
    reply.header('ratelimit', `"key";r=${taken.remaining};t=${Math.ceil(taken.retryAfterMs / 1_000)}`);
    if (!taken.allowed) throw tooMany('requests with this API key', taken);
  }

  return async function authenticate(
    request: FastifyRequest,
    { reply, route }: { reply: FastifyReply; route: Pick<Route, 'scope'> },
  ): Promise<void> {
    const keyOwner = await identify(request);
    // Before anybody is let into a preview, so that looking for names of previews is counted too.
    count(keyOwner, reply);
    const named = request.headers[previewHeader];
    const owner =
      named === undefined ? keyOwner : await enterPreview(database, { owner: keyOwner, name: String(named) });
    request.caller = owner;
    request.actor = actorOf(owner);
    // A route without a declared scope is for keys that may do everything.
    const { scope = 'admin' } = route;
    if (scope === 'any' || coversScopes(owner, [scope])) return;
    if (refusals.take(`key ${owner.keyId}`).allowed) {
      await writeRefusal(request, { owner, action: 'scope.refuse', reason: `lacks the scope ${scope}` });
    }
    throw new TenonError('forbidden', `The API key "${owner.keyName}" is not for this: it lacks the scope ${scope}.`, {
      hint: `It has ${owner.scopes.join(', ')}. Make a key with ${scope}: \`tenon keys create\`.`,
      details: { scope },
    });
  };
}

function actorOf(owner: ApiKeyOwner): AuditActor {
  return { environmentId: owner.environmentId, kind: 'api_key', id: String(owner.keyId), name: owner.keyName };
}

function refuse(message: string): TenonError {
  return new TenonError('unauthorized', message, {
    hint: 'Send "Authorization: Bearer <key>". A local server keeps its first key in the file api-key of its data directory.',
  });
}

function refuseEnded({ owner, problem }: FoundApiKey): TenonError {
  const isRevoked = problem === 'revoked';
  const code = isRevoked ? 'key_revoked' : 'key_expired';
  const what = isRevoked ? 'was revoked' : `expired on ${owner.expiresAt?.toISOString() ?? 'an earlier day'}`;
  return new TenonError(code, `The API key "${owner.keyName}" ${what}.`, {
    hint: 'Make another with `tenon keys create`, with a key that is still good.',
  });
}

function tooMany(what: string, { retryAfterMs }: TakenToken): TenonError {
  const retryAfterSeconds = Math.max(1, Math.ceil(retryAfterMs / 1_000));
  return new TenonError('rate_limited', `There were too many ${what}.`, {
    hint: `Try again in ${retryAfterSeconds} s.`,
    details: { retryAfterSeconds },
  });
}
