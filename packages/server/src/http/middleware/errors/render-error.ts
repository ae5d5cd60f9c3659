import type { FastifyReply, FastifyRequest } from 'fastify';
import { commonHeaders } from '../common-headers/common-headers.ts';
import { toErrorBody } from './error-body.ts';
import { toTenonError } from './to-tenon-error.ts';

/** The one place where errors become answers. */
export function renderError(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = toTenonError(thrown);
  if (error.status >= 500) request.log.error({ err: error, code: error.code }, error.message);
  if (error.code === 'unauthorized' || error.code === 'connect_session_invalid')
    reply.header('www-authenticate', 'Bearer');
  if (error.code === 'rate_limited') reply.header('retry-after', String(error.details?.['retryAfterSeconds'] ?? 1));
  if (error.code === 'unavailable') reply.header('retry-after', '1');
  // Some errors come before any hook: an address that cannot be read.
  reply.headers(commonHeaders(request.id));
  return reply.code(error.status).send(toErrorBody(error, request.id));
}
