import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { TenonError } from '@tenon/runtime/errors';

declare module 'fastify' {
  interface FastifyInstance {
    /** For an answer that has no end of its own: it is ended when the server closes. */
    trackStream(raw: ServerResponse): void;
    /** Aborted when the server begins to close: whoever waits for something answers with what there is. */
    readonly closingSignal: AbortSignal;
  }
}

/**
 * While the server closes: requests in flight are answered, those that still come over open connections are refused,
 * and event streams, which would be in flight for ever, are ended.
 */
export function closeGracefully(app: FastifyInstance): void {
  const streams = new Set<ServerResponse>();
  let closing = false;
  const controller = new AbortController();

  app.decorate('trackStream', (raw: ServerResponse) => {
    streams.add(raw);
    raw.once('close', () => streams.delete(raw));
    if (closing) raw.end();
  });
  app.decorate('closingSignal', controller.signal);
  app.addHook('preClose', async () => {
    closing = true;
    controller.abort(new TenonError('unavailable', 'The server is stopping.'));
    for (const raw of streams) raw.end();
  });
  app.addHook('onRequest', async () => {
    if (closing) {
      throw new TenonError('unavailable', 'The server is stopping.', { hint: 'Try again in a moment.' });
    }
  });
}
