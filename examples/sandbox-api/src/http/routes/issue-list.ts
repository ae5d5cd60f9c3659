import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Issue } from '../../world/items.ts';
import { parseInput } from '../api-error.ts';
import type { SandboxContext } from '../sandbox-context.ts';

const whole = z.string().regex(/^\d+$/, 'a whole number').transform(Number);

/** Pages by number, announced in the Link header (RFC 8288); the answer is a bare array. */
export function registerIssueList(app: FastifyInstance, { world, settings }: SandboxContext): void {
  const querySchema = z.object({
    page: whole.pipe(z.number().min(1)).default(1),
    per_page: whole.pipe(z.number().min(1).max(settings.maxPageSize)).default(Math.min(30, settings.maxPageSize)),
    since: z.iso.datetime({ offset: true }).optional(),
    state: z.enum(['open', 'closed', 'all']).default('all'),
    sort: z.enum(['created', 'updated']).default('created'),
    direction: z.enum(['asc', 'desc']).default('asc'),
  });

  app.get('/issues', (request, reply) => {
    const query = parseInput(querySchema, request.query, 'query');
    const since = query.since === undefined ? '' : new Date(query.since).toISOString();
    const view = world.issues.view([query.state, query.sort, query.direction, since].join('|'), (issues) =>
      arrange(issues, { ...query, since }),
    );
    const last = Math.max(1, Math.ceil(view.length / query.per_page));
    const from = (query.page - 1) * query.per_page;
    const address = (page: number, rel: string) => {
      const url = new URL(request.url, `http://${request.host}`);
      url.searchParams.set('page', String(page));
      return `<${url.href}>; rel="${rel}"`;
    };
    const links = [
      ...(query.page < last ? [address(query.page + 1, 'next'), address(last, 'last')] : []),
      ...(query.page > 1 ? [address(1, 'first'), address(query.page - 1, 'prev')] : []),
    ];
    if (links.length > 0) void reply.header('link', links.join(', '));
    return reply
      .header('x-total-count', String(view.length))
      .type('application/json; charset=utf-8')
      .send(world.issues.listText(view.slice(from, from + query.per_page)));
  });
}

interface Arrangement {
  state: Issue['state'] | 'all';
  sort: 'created' | 'updated';
  direction: 'asc' | 'desc';
  /** Inclusive; '' for no bound. ISO 8601 texts in UTC compare as the times do. */
  since: string;
}

function arrange(issues: Issue[], { state, sort, direction, since }: Arrangement): Issue[] {
  const chosen = issues.filter((issue) => issue.updatedAt >= since && (state === 'all' || issue.state === state));
  const key = sort === 'created' ? 'createdAt' : 'updatedAt';
  chosen.sort((a, b) => (a[key] === b[key] ? a.number - b.number : a[key] < b[key] ? -1 : 1));
  return direction === 'asc' ? chosen : chosen.toReversed();
}
