import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { ApiError } from './api-error.ts';
import { authorizationPath } from '../authorization/authorization-server.ts';
import { authenticate, type Caller } from './authenticate.ts';
import { createAnswerDistorter } from './distort-answer.ts';
import type { Chaos } from './chaos.ts';
import { registerAuthorization } from './routes/authorization.ts';
import { registerCompanies } from './routes/companies.ts';
import { registerContacts } from './routes/contacts.ts';
import { registerControl, type ListenerSwitch } from './routes/control.ts';
import { registerDescription } from './routes/description.ts';
import { registerIssueItem } from './routes/issue-item.ts';
import { registerIssueDeletions } from './routes/issue-deletions.ts';
import { registerIssueList } from './routes/issue-list.ts';
import { registerOAuthToken } from './routes/oauth-token.ts';
import type { SandboxContext } from './sandbox-context.ts';

const distortingModes = new Set<Chaos['mode']>(['broken_json', 'empty', 'shuffled', 'duplicated', 'drifted']);

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | null;
    chaos: Chaos | null;
  }
}

/**
 * The routes behind, in this order: counting, chaos, authentication, rate limit.
 * @param stopping aborted when the sandbox stops: slow answers wait no longer
 */
export function createApp(context: SandboxContext, listener: ListenerSwitch, stopping: AbortSignal): FastifyInstance {
  const app = fastify({ forceCloseConnections: true });
  const distorter = createAnswerDistorter();
  app.decorateRequest('caller', null);
  app.decorateRequest('chaos', null);
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, Object.fromEntries(new URLSearchParams(body.toString())));
  });

  app.addHook('onRequest', async (request, reply) => {
    if (isBackstage(request)) return;
    context.stats.countRequest(`${request.method} ${request.routeOptions.url ?? 'unknown'}`);
    const chaos = context.chaos.hit(request.url);
    if (chaos) await misbehave(chaos, request, reply, stopping);
    if (reply.sent || isOpen(request)) return;
    request.caller = await authenticate(request.headers, context.keyring);
    refuseWriting(request.method, request.caller);
    void reply.headers(context.limiter.count(request.caller.credential));
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const { chaos } = request;
    if (!chaos || typeof payload !== 'string' || reply.statusCode !== 200) return payload;
    if (distortingModes.has(chaos.mode)) {
      if (chaos.mode === 'empty') void reply.removeHeader('link');
      void reply.removeHeader('content-length');
      return distorter.distort(chaos, request.url.split('?')[0] ?? '', payload);
    }
    if (chaos.mode !== 'truncated') return payload;
    const bytes = Buffer.from(payload);
    void reply.header('content-length', String(bytes.length));
    return cutInHalf(bytes);
  });
  app.addHook('onResponse', async (request, reply) => {
    if (!isBackstage(request)) context.stats.countStatus(reply.statusCode);
  });
  app.setErrorHandler((error, _request, reply) => {
    const known = error instanceof ApiError ? error : fromFastify(error);
    return reply.code(known.status).headers(known.headers).send(known.body);
  });
  app.setNotFoundHandler((request, reply) => {
    const missing = new ApiError(404, 'not_found', `There is no ${request.method} ${request.url.split('?')[0]}.`);
    return reply.code(404).send(missing.body);
  });

  app.get('/_control/health', () => ({ ok: true }));
  app.get('/me', ({ caller }) => ({
    account: 'sandbox',
    auth: caller?.auth,
    ...(caller?.scopes && { scopes: caller.scopes }),
    users: context.world.users.length,
  }));
  app.get('/users', () => context.world.users);
  registerDescription(app, context);
  registerOAuthToken(app, context);
  registerAuthorization(app, context);
  registerIssueList(app, context);
  registerIssueDeletions(app, context);
  registerIssueItem(app, context);
  registerContacts(app, context);
  registerCompanies(app, context);
  registerControl(app, context, listener);
  return app;
}

/** Not part of the API that is played: never counted, limited or hit, and open to everyone. */
function isBackstage(request: FastifyRequest): boolean {
  return request.url === '/' || request.url.startsWith('/_control/');
}

/** Where credentials are obtained. */
function isOpen({ url }: FastifyRequest): boolean {
  return url.startsWith('/oauth/') || url.startsWith(`${authorizationPath}/`);
}

/** @throws ApiError 403 as RFC 6750 section 3.1 says */
function refuseWriting(method: string, { scopes }: Caller): void {
  if (method === 'GET' || method === 'HEAD' || !scopes || scopes.includes('issues:write')) return;
  throw new ApiError(403, 'insufficient_scope', 'The token was not granted issues:write.', {
    headers: { 'www-authenticate': 'Bearer error="insufficient_scope", scope="issues:write"' },
  });
}

async function misbehave(
  chaos: Chaos,
  request: FastifyRequest,
  reply: FastifyReply,
  stopping: AbortSignal,
): Promise<void> {
  if (chaos.mode === 'rate_limited') {
    throw new ApiError(429, 'rate_limited', 'Too many calls.', { headers: sayWhen(chaos) });
  }
  if (chaos.mode === 'unauthorized') {
    const headers = { 'www-authenticate': 'Bearer error="invalid_token", error_description="expired"' };
    throw new ApiError(401, 'unauthorized', 'The token has expired.', { headers });
  }
  if (chaos.mode === 'server_error') throw new ApiError(chaos.status, 'server_error', 'Something broke in here.');
  if (chaos.mode === 'html_error') {
    const page = '<html><body><h1>Bad gateway</h1></body></html>';
    await reply.code(chaos.status).type('text/html').send(page);
    return;
  }
  const cut = () => {
    reply.hijack();
    request.raw.socket.resetAndDestroy();
  };
  if (chaos.mode === 'slow') {
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const signal = AbortSignal.any([stopping, gone.signal]);
    await wait(chaos.delayMs, undefined, { signal }).catch(cut);
  }
  if (chaos.mode === 'reset') cut();
  request.chaos = chaos;
}

/** Retry-After is RFC 9110 section 10.2.3; the reset is as GitHub has it. */
function sayWhen({ tells, retryAfterSeconds }: Chaos): Record<string, string> {
  const atMs = Date.now() + retryAfterSeconds * 1_000;
  if (tells === 'seconds') return { 'retry-after': String(retryAfterSeconds) };
  if (tells === 'date') return { 'retry-after': new Date(Math.ceil(atMs / 1_000) * 1_000).toUTCString() };
  return { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Math.ceil(atMs / 1_000)) };
}

function cutInHalf(bytes: Buffer): Readable {
  async function* half() {
    yield bytes.subarray(0, Math.floor(bytes.length / 2));
    // Once the first half is on its way; an earlier error would cut the connection before the headers.
    await wait(20);
    throw new Error('The connection is cut on purpose.');
  }
  return Readable.from(half(), { objectMode: false });
}

function fromFastify(error: unknown): ApiError {
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  const isClientFault = status >= 400 && status < 500;
  const message = isClientFault && error instanceof Error ? error.message : 'The sandbox failed.';
  return new ApiError(isClientFault ? status : 500, isClientFault ? 'bad_request' : 'internal', message);
}
