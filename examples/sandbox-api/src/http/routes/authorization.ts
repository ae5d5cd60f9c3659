import type { FastifyInstance } from 'fastify';
import { authorizationPath } from '../../authorization/authorization-server.ts';
import { renderConsentPage } from '../../authorization/consent-page.ts';
import { ApiError } from '../api-error.ts';
import type { SandboxContext } from '../sandbox-context.ts';

/** The authorization server, and the page on which a customer decides. */
export function registerAuthorization(app: FastifyInstance, { authorization }: SandboxContext): void {
  app.get(`${authorizationPath}/consent/:uid`, async (request, reply) => {
    const server = await authorization.get();
    const consent = await server.findConsent(request.raw, reply.raw).catch(refuseStranger);
    return reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
      .send(renderConsentPage(consent));
  });

  app.post(`${authorizationPath}/consent/:uid`, async (request, reply) => {
    const server = await authorization.get();
    const { decision } = (request.body ?? {}) as { decision?: string };
    await server.findConsent(request.raw, reply.raw).catch(refuseStranger);
    reply.hijack();
    await server.finishConsent(request.raw, reply.raw, decision === 'allow');
  });

  // In a scope of its own: what oidc-provider answers, it also reads.
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _body, done) => done(null));
    scope.all(`${authorizationPath}/*`, async (request, reply) => {
      const server = await authorization.get();
      reply.hijack();
      const raw = Object.assign(request.raw, { originalUrl: request.raw.url });
      raw.url = (raw.url ?? '').slice(authorizationPath.length);
      await server.handle(raw, reply.raw);
    });
  });
}

/** Another browser, or a page that was left open for too long. */
function refuseStranger(): never {
  throw new ApiError(400, 'consent_unknown', 'This browser is not being asked for anything. Start again in the app.');
}
