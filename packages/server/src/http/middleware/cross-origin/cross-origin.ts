import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ConnectContext } from '../../../connect/connect-context.ts';
import { isOriginKnown } from '../../../connect/origins.ts';
import { limitRate } from '../rate-limit/limit-rate.ts';

/** How long a browser may go without asking again, in seconds. */
const preflightSeconds = 600;

/** Nobody has to show anything before asking, and the answer is in the database. */
const preflightLimit = { requests: 600, windowMs: 60_000 };

/**
 * Lets a page of an allowed origin read an answer. Its browser may send and keep cookies: the one that binds an
 * attempt to the browser has to arrive, where app and server are parts of one site.
 */
export function allowOrigin(reply: FastifyReply, origin: string): void {
  reply.headers({
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': 'x-request-id, retry-after',
    vary: 'origin',
  });
}

/** Answers what browsers ask before they send a session's token from an app's own page. */
export function answerPreflights(
  app: FastifyInstance,
  { paths, context }: { paths: string[]; context: ConnectContext },
): void {
  const refuseFlood = limitRate({ ...preflightLimit, now: context.connections.now });
  for (const url of paths) {
    app.options(url, { onRequest: refuseFlood }, async ({ headers: { origin } }, reply) => {
      reply.header('vary', 'origin');
      if (origin !== undefined && (await isOriginKnown(context, origin))) {
        allowOrigin(reply, origin);
        reply.headers({
          'access-control-allow-methods': 'GET, POST',
          'access-control-allow-headers': 'authorization, content-type, x-request-id',
          'access-control-max-age': preflightSeconds,
        });
      }
      return reply.code(204).send();
    });
  }
}
