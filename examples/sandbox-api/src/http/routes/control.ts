import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { rateLimitSchema } from '../../sandbox-options.ts';
import { advance, advanceSchema } from '../../world/advance.ts';
import type { World } from '../../world/world.ts';
import { ApiError, parseInput } from '../api-error.ts';
import { chaosSchema } from '../chaos.ts';
import type { SandboxContext } from '../sandbox-context.ts';

export interface ListenerSwitch {
  /** Nothing listens for so long; resolves at once. */
  refuseFor(ms: number): void;
}

/**
 * The strings behind the stage, for tests, demos and benchmarks: no authentication, never limited, never hit by chaos.
 */
export function registerControl(app: FastifyInstance, context: SandboxContext, listener: ListenerSwitch): void {
  const { world, chaos, stats, keyring, limiter, settings, authorization } = context;

  app.post('/_control/advance', (request) => {
    const input = parseInput(advanceSchema, request.body, 'body');
    try {
      return advance(world, input);
    } catch (error) {
      if (error instanceof RangeError) throw new ApiError(422, 'too_many_changes', error.message);
      throw error;
    }
  });

  app.post('/_control/chaos', (request, reply) => {
    const set = chaos.set(parseInput(chaosSchema, request.body, 'body'));
    // After the answer is out: closing the listener also closes this connection.
    if (set.mode === 'refused') reply.raw.once('finish', () => listener.refuseFor(set.forMs));
    return reply.send(set);
  });

  app.post('/_control/rate-limit', (request) => {
    const body = parseInput(z.strictObject({ rateLimit: rateLimitSchema.nullable() }), request.body, 'body');
    limiter.set(body.rateLimit ?? undefined);
    return body;
  });

  app.post('/_control/expire-tokens', async () => {
    keyring.tokens.expireAll();
    (await authorization.getIfMade())?.store.expireAccessTokens();
    return { ok: true };
  });

  app.post('/_control/revoke-tokens', async () => {
    keyring.tokens.expireAll();
    (await authorization.getIfMade())?.store.revokeAll();
    return { ok: true };
  });

  app.post('/_control/refuse-refresh', async (request) => {
    const { refuse } = parseInput(z.strictObject({ refuse: z.boolean() }), request.body, 'body');
    (await authorization.get()).store.isRefreshRefused = refuse;
    return { refuse };
  });

  app.post('/_control/api-key', (request) => {
    const { apiKey } = parseInput(z.strictObject({ apiKey: z.string().min(1) }), request.body, 'body');
    keyring.apiKey = apiKey;
    return { apiKey };
  });

  app.get('/_control/truth', (_request, reply) => {
    return reply.type('application/json; charset=utf-8').send(truthText(world));
  });

  app.post('/_control/reset', async () => {
    world.reset();
    chaos.set({ mode: 'off' });
    limiter.set(settings.rateLimit);
    keyring.apiKey = settings.apiKey;
    stats.clear();
    const server = await authorization.getIfMade();
    if (server) server.store.isRefreshRefused = false;
    return { ok: true };
  });

  app.get('/_control/stats', () => stats.report());
  app.post('/_control/mark', () => ({ markedAt: stats.mark() }));
}

function truthText({ issues, contacts, companies }: World): string {
  return `{"issues":${issues.allText()},"contacts":${contacts.allText()},"companies":${companies.allText()}}`;
}
