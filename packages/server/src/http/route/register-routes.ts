import type { FastifyInstance, FastifyReply } from 'fastify';
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
        },
      }),
      handler: async (request, reply) => send(reply, route, await route.execute(request, reply, context)),
    });
  }
}

function send(reply: FastifyReply, route: Route, answer: unknown): unknown {
  // An event stream writes to the socket itself.
  if (reply.sent) return reply;
  reply.code(route.answer.status);
  if (route.answer.status === 204) return reply.send();
  if (answer instanceof JsonText) return reply.type('application/json; charset=utf-8').send(answer.text);
  return reply.send(answer);
}
