import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { auditSubject } from '../../audit/audit-subject.ts';
import { writeAudit } from '../../audit/write-audit.ts';
import type { AppContext } from '../app-context.ts';
import { createAuthenticator } from '../middleware/authenticate/authenticator.ts';
import { createConnectSessionGuard } from '../middleware/connect-session/connect-session-guard.ts';
import { answerPreflights } from '../middleware/cross-origin/cross-origin.ts';
import { JsonText } from './json-text.ts';
import type { Route } from './route.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the route wants the audit log to tell beside the names of the fields that were sent; no secrets. */
    auditDetails: Record<string, unknown> | null;
  }
}

/** Puts routes onto the app. Keys and sessions are checked before a body is read. */
export function registerRoutes(app: FastifyInstance, routes: readonly Route[], context: AppContext): void {
  const { database, security } = context;
  const authenticate = createAuthenticator({ database, security, now: context.connections.now });
  const guardSession = createConnectSessionGuard(context.connect);
  app.decorateRequest('caller', null);
  app.decorateRequest('session', null);
  app.decorateRequest('actor', null);
  app.decorateRequest('auditDetails', null);
  for (const route of routes) {
    app.route({
      method: route.method,
      url: route.path,
      exposeHeadRoute: false,
      ...(route.bodyLimit === undefined ? {} : { bodyLimit: route.bodyLimit }),
      ...(route.access === 'key' && {
        onRequest: (request, reply) => authenticate(request, { reply, route }),
      }),
      ...(route.access === 'connect' && {
        onRequest: (request, reply) => guardSession(request, { reply, route }),
      }),
      handler: async (request, reply) => {
        const answer = await route.execute(request, reply, context);
        if (route.audit) await noteChange(context, { request, action: route.audit, answer });
        return send(reply, route, answer);
      },
    });
  }
  const paths = [...new Set(routes.filter(({ access }) => access === 'connect').map(({ path }) => path))];
  answerPreflights(app, { paths, context: context.connect });
}

/**
 * Before the answer is sent: whoever is told that something was changed can rely on its row. A server that dies, or
 * loses its database, between the change and the row answers nobody with success.
 */
async function noteChange(
  { database }: AppContext,
  { request, action, answer }: { request: FastifyRequest; action: string; answer: unknown },
): Promise<void> {
  const { actor, body, params, auditDetails } = request;
  if (!actor) return;
  const fields = typeof body === 'object' && body !== null && !Array.isArray(body) ? Object.keys(body) : [];
  await writeAudit(database, {
    actor,
    action,
    subject: auditSubject(action, { params, answer }),
    details: { ...(fields.length > 0 && { fields }), ...auditDetails },
    address: request.ip,
    requestId: request.id,
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
