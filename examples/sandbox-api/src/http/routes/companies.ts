import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ApiError, parseInput } from '../api-error.ts';
import type { SandboxContext } from '../sandbox-context.ts';

const whole = z.string().regex(/^\d+$/, 'a whole number').transform(Number);

/** Pages by offset, with the total in the body. */
export function registerCompanies(app: FastifyInstance, { world, settings }: SandboxContext): void {
  const querySchema = z.object({
    offset: whole.default(0),
    limit: whole.pipe(z.number().min(1).max(settings.maxPageSize)).default(Math.min(50, settings.maxPageSize)),
  });

  app.get('/companies', (request, reply) => {
    const { offset, limit } = parseInput(querySchema, request.query, 'query');
    const all = world.companies.view('all', (companies) => companies);
    const data = world.companies.listText(all.slice(offset, offset + limit));
    return reply
      .type('application/json; charset=utf-8')
      .send(`{"data":${data},"total":${all.length},"offset":${offset},"limit":${limit}}`);
  });

  app.get<{ Params: { id: string } }>('/companies/:id', (request) => {
    const company = world.companies.get(request.params.id);
    if (!company) throw new ApiError(404, 'not_found', `There is no company "${request.params.id}".`);
    return company;
  });
}
