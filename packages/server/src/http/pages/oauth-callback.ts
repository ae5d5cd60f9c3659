import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ConnectAttempt } from '@tenon/runtime/contract';
import { errorRegistry, isErrorCode, type TenonError } from '@tenon/runtime/errors';
import { authorizationInvalid } from '../../connect/attempts/attempt-errors.ts';
import { completeAttempt } from '../../connect/attempts/complete-attempt.ts';
import type { ConnectContext } from '../../connect/connect-context.ts';
import { callbackPath } from '../../integrations/describe-integrations.ts';
import { toTenonError } from '../middleware/errors/to-tenon-error.ts';
import { limitRate } from '../middleware/rate-limit/limit-rate.ts';
import { attemptCookieName } from './attempt-cookie.ts';
import {
  callbackScript,
  callbackScriptPath,
  callbackStyle,
  callbackStylePath,
  renderCallbackPage,
} from './callback-page.ts';

/** A browser comes back once for each time that a customer signs in. */
const limit = { requests: 120, windowMs: 60_000 };

/** Where providers send browsers back to. Whatever happens, what comes is a page that says what to do. */
export function serveOauthCallback(app: FastifyInstance, context: ConnectContext): void {
  const refuseFlood = limitRate({ ...limit, now: context.connections.now });
  app.get(callbackPath, async (request, reply) => {
    try {
      await refuseFlood(request);
      const attempt = await completeAttempt(context, {
        parameters: readParameters(request),
        readSecret: (id) => request.cookies[attemptCookieName(id)],
        requestId: request.id,
        address: request.ip,
      });
      return sendOutcome(reply, attempt);
    } catch (thrown) {
      const error = toTenonError(thrown);
      if (error.status >= 500) request.log.error({ err: thrown, code: error.code }, error.message);
      return sendProblem(reply, error);
    }
  });
  app.get(callbackScriptPath, (_request, reply) => sendAsset(reply, 'text/javascript', callbackScript));
  app.get(callbackStylePath, (_request, reply) => sendAsset(reply, 'text/css', callbackStyle));
}

/** RFC 6749 section 3.1: no parameter comes twice. */
function readParameters({ query }: FastifyRequest): Record<string, string> {
  const parameters = Object.entries(query as Record<string, string | string[]>);
  const repeated = parameters.find(([, value]) => Array.isArray(value));
  if (repeated) throw authorizationInvalid('The provider sent your browser back with a parameter twice.');
  return Object.fromEntries(parameters.map(([name, value]) => [name, String(value)]));
}

function sendOutcome(reply: FastifyReply, { id, status, error }: ConnectAttempt): FastifyReply {
  const attempt = { id, status };
  if (status === 'succeeded') {
    const page = { title: 'Connected', message: 'Your account is connected.', hint: closeHint, attempt };
    return sendPage(reply.code(200), renderCallbackPage(page));
  }
  if (!error) {
    const page = { title: 'Still at it', message: 'The provider has not answered yet.', hint: closeHint, attempt };
    return sendPage(reply.code(202), renderCallbackPage(page));
  }
  const page = { title: 'Not connected', message: error.message, hint: error.hint, attempt };
  return sendPage(
    reply.code(isErrorCode(error.code) ? errorRegistry[error.code].status : 500),
    renderCallbackPage(page),
  );
}

const closeHint = 'You can close this window and go back to the application.';

function sendProblem(reply: FastifyReply, { status, message, hint, details }: TenonError): FastifyReply {
  const retryAfter = details?.['retryAfterSeconds'];
  if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter));
  const page = { title: 'Not connected', message, hint, attempt: null };
  return sendPage(reply.code(status), renderCallbackPage(page));
}

function sendPage(reply: FastifyReply, html: string): FastifyReply {
  return reply.type('text/html; charset=utf-8').send(html);
}

function sendAsset(reply: FastifyReply, type: string, text: string): FastifyReply {
  return reply.type(`${type}; charset=utf-8`).header('cache-control', 'public, max-age=3600').send(text);
}
