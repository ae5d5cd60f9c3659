import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { TenonError } from '@tenon/runtime/errors';
import { connectPath } from '../../connect/sessions/create-session.ts';
import { packageRoot } from '../../package-root.ts';
import { limitRate } from '../middleware/rate-limit/limit-rate.ts';

/** Where the build of this package puts the hosted page. */
const builtPage = join(packageRoot, 'dist/connect-page');

/** A page is a dozen files; a customer who reloads a lot stays far below. */
const limit = { requests: 600, windowMs: 60_000 };

/** A year: the names of these files change with what is in them. */
const assetLifetimeMs = 31_536_000_000;

/**
 * Serves the hosted page. The page itself is asked for anew each time, so that an update of the server is seen at once.
 * @param options.now Unix time in milliseconds
 * @param options.directory of the built page
 */
export async function serveConnectPage(
  app: FastifyInstance,
  { now, directory = builtPage }: { now: () => number; directory?: string },
): Promise<void> {
  const refuseFlood = limitRate({ ...limit, now });
  if (!existsSync(directory)) {
    app.get(connectPath, async () => {
      throw new TenonError('not_found', 'The hosted Connect page is not part of this build of the server.', {
        hint: 'Build @tenon/server, which puts the page into dist/connect-page.',
      });
    });
    return;
  }
  await app.register(fastifyStatic, {
    root: directory,
    serve: false,
    // What is sent says itself how long it may be kept.
    cacheControl: false,
  });
  app.get(connectPath, { onRequest: refuseFlood }, async (_request, reply) => {
    return reply.header('cache-control', 'no-cache').sendFile('index.html', directory);
  });
  app.get(`${connectPath}/`, { onRequest: refuseFlood }, async (_request, reply) => {
    return reply.header('cache-control', 'no-cache').sendFile('index.html', directory);
  });
  app.get<{ Params: { '*': string } }>(`${connectPath}/*`, { onRequest: refuseFlood }, async (request, reply) => {
    const path = request.params['*'];
    const lasts = path.startsWith('assets/');
    reply.header(
      'cache-control',
      lasts ? `public, max-age=${assetLifetimeMs / 1_000}, immutable` : 'public, max-age=3600',
    );
    return reply.sendFile(path, directory);
  });
}
