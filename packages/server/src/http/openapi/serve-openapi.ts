import type { FastifyInstance } from 'fastify';
import type { RouteDescription } from '../route/route.ts';

/** Serves the API's document; it is made when it is first asked for. */
export function serveOpenApi(
  app: FastifyInstance,
  options: { routes: readonly RouteDescription[]; version: string },
): void {
  let text: Promise<string> | undefined;
  app.get('/openapi.json', async (_request, reply) => {
    text ??= import('./build-document.ts').then(({ buildDocument }) => JSON.stringify(buildDocument(options)));
    return reply.type('application/json; charset=utf-8').send(await text);
  });
}
