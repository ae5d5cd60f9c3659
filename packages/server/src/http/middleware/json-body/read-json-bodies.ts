import type { FastifyInstance } from 'fastify';
import { TenonError } from '@tenon/runtime/errors';
import { measureDepth } from './measure-depth.ts';

/** What walks a value later on (schemas, the database's JSON) calls itself for each level: without a limit the stack would. */
const maxDepth = 100;

/** Reads JSON bodies: as Fastify does, which refuses keys that would change prototypes, and not deeper than the limit. */
export function readJsonBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const encoding = request.headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity') return done(refuseEncoding());
    const text = typeof body === 'string' ? body : body.toString('utf8');
    if (measureDepth(text) <= maxDepth) return parse(request, text, done);
    const error = new TenonError('request_invalid', `The request body is nested more than ${maxDepth} levels deep.`, {
      hint: 'Send flatter JSON, or deeply nested data as a text.',
    });
    done(error);
  });
}

function refuseEncoding(): TenonError {
  return new TenonError('request_invalid', 'The request body is compressed, which this server does not read.', {
    hint: 'Send it without Content-Encoding.',
  });
}
