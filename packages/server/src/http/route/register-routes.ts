import type { FastifyInstance, FastifyReply, onRequestAsyncHookHandler } from 'fastify';
import { TenonError } from '@tenon/runtime/errors';
import type { ApiKeyOwner } from '../../credentials/api-keys/find-api-key.ts';
import type { AppContext } from '../app-context.ts';
import { createAuthenticator } from '../middleware/authenticate/authenticator.ts';
import { createConnectSessionReader } from '../middleware/connect-session/connect-session-reader.ts';
import { allowOrigin, answerPreflights } from '../middleware/cross-origin/cross-origin.ts';
import { limitRate } from '../middleware/rate-limit/limit-rate.ts';
import { JsonText } from './json-text.ts';
import type { Route } from './route.ts';

/** By address: what one office behind one address may need, and a guard against floods of made-up tokens. */
const sessionLimit = { requests: 600, windowMs: 60_000 };
/** By session: enough for somebody who mistypes, too little to try keys with. */
const providerLimit = { requests: 30, windowMs: 60_000 };

/** Puts routes onto the app. Keys and sessions are checked before a body is read. */
export function registerRoutes(app: FastifyInstance, routes: readonly Route[], context: AppContext): void {
  const guards = createGuards(app, context);
  app.decorateRequest('caller', null);
  app.decorateRequest('session', null);
  for (const route of routes) {
    app.route({
      method: route.method,
      url: route.path,
      exposeHeadRoute: false,
      ...(route.bodyLimit === undefined ? {} : { bodyLimit: route.bodyLimit }),
      ...(route.access !== 'public' && { onRequest: guards[route.access](route) }),
      handler: async (request, reply) => send(reply, route, await route.execute(request, reply, context)),
    });
  }
  const paths = [...new Set(routes.filter(({ access }) => access === 'connect').map(({ path }) => path))];
  answerPreflights(app, { paths, context: context.connect });
}

type Guard = (route: Route) => onRequestAsyncHookHandler;

function createGuards(app: FastifyInstance, context: AppContext): Record<'key' | 'connect', Guard> {
  const authenticate = createAuthenticator({ database: context.database, now: context.connections.now });
  const readConnectSession = createConnectSessionReader(context.connect);
  const limitAddress = limitRate(app, sessionLimit);
  const limitSession = limitRate(app, { ...providerLimit, by: ({ session }) => `session ${session?.id}` });
  return {
    key: (route) => async (request) => {
      request.caller = await authenticate(request.headers.authorization);
      requireScope(request.caller, route);
    },
    connect: (route) => async (request, reply) => {
      await limitAddress(request, reply);
      request.session = await readConnectSession(request);
      if (request.headers.origin !== undefined) allowOrigin(reply, request.headers.origin);
      if (route.connectCalls === 'provider') await limitSession(request, reply);
    },
  };
}

/** A route without a declared scope is for keys that may do everything. */
function requireScope(caller: ApiKeyOwner, { scope = 'admin' }: Route): void {
  if (scope === 'any' || caller.scopes.includes('admin') || caller.scopes.includes(scope)) return;
  throw new TenonError('forbidden', `The API key "${caller.keyName}" is not for this: it lacks the scope ${scope}.`, {
    hint: `It has ${caller.scopes.join(', ')}. Make a key with ${scope}: \`tenon keys create\`.`,
    details: { scope },
  });
}

function send(reply: FastifyReply, route: Route, answer: unknown): unknown {
  // An event stream writes to the socket itself.
  if (reply.sent) return reply;
  reply.code(route.answer.status);
  if (route.answer.status === 204) return reply.send();
  if (answer instanceof JsonText) return reply.type('application/json; charset=utf-8').send(answer.text);
  return reply.send(answer);
}
