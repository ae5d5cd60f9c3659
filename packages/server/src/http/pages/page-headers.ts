import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import { strictTransportSeconds } from '../middleware/common-headers/common-headers.ts';

type HelmetOptions = NonNullable<Parameters<typeof helmet>[1]>;

/**
 * What pages for browsers may do: load this server's own files, and nothing else; be framed by nobody. No opener
 * policy: a page in a popup has to tell the window that opened it, which may be the app's.
 * @param options.secure browsers reach the server by https only
 */
function pageHeaders({ secure }: { secure: boolean }): HelmetOptions {
  return {
    global: true,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        // The logo is the app's; a picture can do nothing but be seen.
        imgSrc: ["'self'", 'data:', 'https:'],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    crossOriginOpenerPolicy: false,
    crossOriginEmbedderPolicy: false,
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    frameguard: { action: 'deny' },
    strictTransportSecurity: secure ? { maxAge: strictTransportSeconds, includeSubDomains: false } : false,
  };
}

/** Those that the API sets too. */
const helmetHeaders = [
  'content-security-policy',
  'cross-origin-resource-policy',
  'referrer-policy',
  'strict-transport-security',
  'x-content-type-options',
  'x-frame-options',
];

/** Gives every answer of this part of the app these headers. */
export async function sendPageHeaders(app: FastifyInstance, options: { secure: boolean }): Promise<void> {
  // Headers of the answer would win over those that helmet sets.
  app.addHook('onRequest', async (_request, reply) => {
    for (const name of helmetHeaders) reply.removeHeader(name);
  });
  await app.register(helmet, pageHeaders(options));
}
