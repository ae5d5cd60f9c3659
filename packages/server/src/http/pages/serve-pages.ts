import type { FastifyInstance } from 'fastify';
import type { AppContext } from '../app-context.ts';
import { serveConnectPage } from './connect-page.ts';
import { serveOauthCallback } from './oauth-callback.ts';
import { serveDevicePage } from './device-page.ts';
import { sendPageHeaders } from './page-headers.ts';

/** What browsers are shown: a part of the app of its own, with headers of its own. */
export function servePages(app: FastifyInstance, context: AppContext): void {
  void app.register(async (pages) => {
    await sendPageHeaders(pages, { secure: context.security.servesHttps() });
    serveOauthCallback(pages, context.connect);
    serveDevicePage(pages, { now: context.connect.connections.now });
    await serveConnectPage(pages, { now: context.connect.connections.now });
  });
}
