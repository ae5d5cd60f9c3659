import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Issue } from '../../world/items.ts';
import { ApiError, parseInput } from '../api-error.ts';
import type { SandboxContext } from '../sandbox-context.ts';

const writable = z.strictObject({
  title: z.string().min(1).max(200),
  body: z.string().max(60_000).default(''),
  project: z.string().min(1).default('api'),
  state: z.enum(['open', 'closed']).default('open'),
  labels: z.array(z.string().min(1)).default([]),
  assignee: z.string().nullable().default(null),
  priority: z.enum(['low', 'normal', 'high', 'urgent']).default('normal'),
});
/** Without the defaults: what a PATCH leaves out stays as it is. */
const patch = z
  .strictObject({
    title: writable.shape.title,
    body: z.string().max(60_000),
    project: z.string().min(1),
    state: z.enum(['open', 'closed']),
    labels: z.array(z.string().min(1)),
    assignee: z.string().nullable(),
    priority: z.enum(['low', 'normal', 'high', 'urgent']),
  })
  .partial();

export function registerIssueItem(app: FastifyInstance, { world }: SandboxContext): void {
  const find = (id: string): Issue => {
    const issue = world.issues.get(id);
    if (!issue) throw new ApiError(404, 'not_found', `There is no issue "${id}".`);
    return issue;
  };
  const checkAssignee = (login: string | null | undefined) => {
    if (login === null || login === undefined || world.users.some((user) => user.login === login)) return;
    const details = [{ path: 'assignee', message: `"${login}" is not a user.` }];
    throw new ApiError(422, 'invalid_body', 'The body is not valid.', { details });
  };

  app.get<{ Params: { id: string } }>('/issues/:id', (request) => find(request.params.id));

  app.post('/issues', (request, reply) => {
    const input = parseInput(writable, request.body, 'body');
    checkAssignee(input.assignee);
    const at = world.tick();
    const issue = world.addIssue(at, at, { ...input, comments: 0 });
    return reply.code(201).header('location', `/issues/${issue.id}`).send(issue);
  });

  app.patch<{ Params: { id: string } }>('/issues/:id', (request) => {
    const issue = find(request.params.id);
    const given = parseInput(patch, request.body, 'body');
    checkAssignee(given.assignee);
    const changes = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const updated = { ...issue, ...changes, updatedAt: world.tick().toISOString() };
    world.issues.put(updated);
    return updated;
  });

  app.delete<{ Params: { id: string } }>('/issues/:id', (request, reply) => {
    world.deleteIssue(find(request.params.id).id, world.tick());
    return reply.code(204).send();
  });
}
