import cookie from '@fastify/cookie';
import { fastify, LogController, type FastifyInstance } from 'fastify';
import { toErrorBody } from './middleware/errors/error-body.ts';
import { commonHeaders } from './middleware/common-headers/common-headers.ts';
import { renderError } from './middleware/errors/render-error.ts';
import { toTenonError } from './middleware/errors/to-tenon-error.ts';
import { readJsonBodies } from './middleware/json-body/read-json-bodies.ts';
import { createUnknownRouteHandler } from './middleware/unknown-route/refuse-unknown-route.ts';
import { requestIdOf } from './middleware/request-id/request-id.ts';
import { closeGracefully } from './middleware/shutdown/close-gracefully.ts';
import { serveOpenApi } from './openapi/serve-openapi.ts';
import { servePages } from './pages/serve-pages.ts';
import { registerRoutes } from './route/register-routes.ts';
import { allRoutes } from './routes/all-routes.ts';
import type { AppContext } from './app-context.ts';

/** Bytes; routes that take more say so. */
const defaultBodyLimit = 1024 * 1024;

/** The longest name in an address: a record's id is the provider's own and may be a URL. */
const maxParamLength = 2_048;

/** Builds the REST API. Nothing listens yet. */
export function buildApp(context: AppContext): FastifyInstance {
  const app = fastify({
    loggerInstance: context.logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: defaultBodyLimit,
    genReqId: requestIdOf,
    trustProxy: context.security.trustProxy,
    routerOptions: { maxParamLength },
    // Idle keep-alive connections are closed at shutdown; requests in flight are answered first, new ones refused in
    // our words (closeGracefully) rather than in the framework's.
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    // A client that sends its headers and body this slowly holds a socket for nothing (milliseconds).
    requestTimeout: 60_000,
    frameworkErrors: renderError,
    clientErrorHandler(error, socket) {
      if (!socket.writable) return;
      const known = toTenonError(Object.assign(error, { statusCode: 400 }));
      const body = JSON.stringify(toErrorBody(known, requestIdOf({ headers: {} })));
      socket.end(
        `HTTP/1.1 ${known.status} Bad Request\r\ncontent-type: application/json; charset=utf-8\r\n` +
          `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
      );
    },
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(commonHeaders(request.id, { https: context.security.servesHttps(), version: context.version }));
  });
  app.addHook('onResponse', async (request, reply) => {
    request.log.debug(
      { method: request.method, route: request.routeOptions.url, status: reply.statusCode, ms: reply.elapsedTime },
      'answered',
    );
  });
  app.setErrorHandler(renderError);
  app.setNotFoundHandler(createUnknownRouteHandler(allRoutes));
  readJsonBodies(app);
  closeGracefully(app);
  void app.register(cookie);
  // In a part of its own, which is set up when the plugins above are there.
  void app.register(async (api) => registerRoutes(api, allRoutes, context));
  servePages(app, context);
  serveOpenApi(app, { routes: allRoutes, version: context.version });
  return app;
}
