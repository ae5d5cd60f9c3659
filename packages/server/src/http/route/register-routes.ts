import type { FastifyInstance, FastifyReply } from 'fastify';
import { TenonError } from '@tenon/runtime/errors';
import type { ApiKeyOwner } from '../../credentials/api-keys/find-api-key.ts';
import type { AppContext } from '../app-context.ts';
import { createAuthenticator } from '../middleware/authenticate/authenticator.ts';
import { JsonText } from './json-text.ts';
import type { Route } from './route.ts';

/** Puts routes onto the app. Keys are checked before a body is read. */
export function registerRoutes(app: FastifyInstance, routes: readonly Route[], context: AppContext): void {
  const authenticate = createAuthenticator({ database: context.database, now: context.connections.now });
  app.decorateRequest('caller', null);
  for (const route of routes) {
    app.route({
      method: route.method,
      url: route.path,
      exposeHeadRoute: false,
      ...(route.bodyLimit === undefined ? {} : { bodyLimit: route.bodyLimit }),
      ...(route.access === 'key' && {
        onRequest: async (request) => {
          request.caller = await authenticate(request.headers.authorization);
          requireScope(request.caller, route);
        },
      }),
      handler: async (request, reply) => send(reply, route, await route.execute(request, reply, context)),
    });
  }
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
