import type { FastifyReply, FastifyRequest } from 'fastify';
import { TenonError } from '@tenon/runtime/errors';
import type { RouteDescription } from '../../route/route.ts';
import { renderError } from '../errors/render-error.ts';

type Address = Pick<RouteDescription, 'method' | 'path'>;

/** Makes the answer to what no route takes: 405 where another method would be taken (RFC 9110 section 15.5.6), else 404. */
export function createUnknownRouteHandler(routes: readonly Address[]) {
  const known = routes.map(({ method, path }) => ({ method, pattern: toPattern(path) }));
  return (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const path = request.url.split('?', 1)[0] ?? '';
    const methods = [...new Set(known.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))];
    if (methods.length === 0) {
      const hint = 'GET /openapi.json lists every route.';
      return renderError(
        new TenonError('not_found', `There is no route ${request.method} ${path}.`, {
          hint,
          // A newer command line tells it from a thing that does not exist.
          details: { missing: 'route' },
        }),
        request,
        reply,
      );
    }
    reply.header('allow', methods.join(', '));
    const error = new TenonError('method_not_allowed', `${path} does not take ${request.method}.`, {
      hint: `It takes ${methods.join(', ')}; GET /openapi.json lists every route.`,
      details: { allowed: methods },
    });
    return renderError(error, request, reply);
  };
}

/** `/v1/runs/:id` -> /^\/v1\/runs\/[^/]+$/ */
function toPattern(path: string): RegExp {
  const segments = path
    .split('/')
    .map((segment) => (segment.startsWith(':') ? '[^/]+' : segment.replaceAll('.', '\\.')));
  return new RegExp(`^${segments.join('/')}$`);
}
