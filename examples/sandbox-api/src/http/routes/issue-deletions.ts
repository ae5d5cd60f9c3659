import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { parseInput } from '../api-error.ts';
import type { SandboxContext } from '../sandbox-context.ts';

const whole = z.string().regex(/^\d+$/, 'a whole number').transform(Number);

/** The feed of deletions: in their order, from a sequence number on. */
export function registerIssueDeletions(app: FastifyInstance, { world, settings }: SandboxContext): void {
  const querySchema = z.object({
    after: whole.default(0),
    limit: whole.pipe(z.number().min(1).max(settings.maxPageSize)).default(Math.min(50, settings.maxPageSize)),
  });

  app.get('/issues/deleted', (request) => {
    const { after, limit } = parseInput(querySchema, request.query, 'query');
    const data = world.deletions.filter(({ sequence }) => sequence > after).slice(0, limit);
    const last = data.at(-1)?.sequence ?? after;
    return { data, last, hasMore: world.deletions.some(({ sequence }) => sequence > last) };
  });
}
