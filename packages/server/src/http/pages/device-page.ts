import type { FastifyInstance } from 'fastify';
import { devicePath } from '../../credentials/device-logins/start-device-login.ts';
import { limitRate } from '../middleware/rate-limit/limit-rate.ts';
import { deviceHtml } from './device/device-html.ts';
import { deviceScript } from './device/device-script.ts';
import { deviceStyle } from './device/device-style.ts';

/** The page and its two files; somebody who approves opens it once. */
const limit = { requests: 120, windowMs: 60_000 };

/**
 * Where an operator approves or denies the login of a command line. The page knows nothing by itself: its script asks
 * the API with the key that the operator types, which is in no cookie, storage, address or form of the browser.
 * @param options.now Unix time in milliseconds
 */
export function serveDevicePage(app: FastifyInstance, { now }: { now: () => number }): void {
  const refuseFlood = limitRate({ ...limit, now });
  const serve = (path: string, { type, text }: { type: string; text: string }) =>
    app.get(path, { onRequest: refuseFlood }, async (_request, reply) =>
      reply.type(`${type}; charset=utf-8`).header('cache-control', 'no-cache').send(text),
    );
  serve(devicePath, { type: 'text/html', text: deviceHtml });
  serve(`${devicePath}.js`, { type: 'text/javascript', text: deviceScript });
  serve(`${devicePath}.css`, { type: 'text/css', text: deviceStyle });
}
