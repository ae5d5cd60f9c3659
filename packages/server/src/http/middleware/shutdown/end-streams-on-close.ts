import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    /** For an answer that has no end of its own: it is ended when the server closes. */
    trackStream(raw: ServerResponse): void;
  }
}

/** Ends event streams at shutdown, which would otherwise be requests in flight for ever. */
export function endStreamsOnClose(app: FastifyInstance): void {
  const open = new Set<ServerResponse>();
  app.decorate('trackStream', (raw: ServerResponse) => {
    open.add(raw);
    raw.once('close', () => open.delete(raw));
  });
  app.addHook('preClose', async () => {
    for (const raw of open) raw.end();
  });
}
