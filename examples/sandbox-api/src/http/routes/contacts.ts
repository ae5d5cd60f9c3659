import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ApiError, parseInput } from '../api-error.ts';
import type { SandboxContext } from '../sandbox-context.ts';

const whole = z.string().regex(/^\d+$/, 'a whole number').transform(Number);

/** Pages by an opaque cursor: it names the last contact read, so that deletions never shift a page. */
export function registerContacts(app: FastifyInstance, { world, settings }: SandboxContext): void {
  const querySchema = z.object({
    cursor: z.string().optional(),
    limit: whole.pipe(z.number().min(1).max(settings.maxPageSize)).default(Math.min(50, settings.maxPageSize)),
  });

  app.get('/contacts', (request, reply) => {
    const { cursor, limit } = parseInput(querySchema, request.query, 'query');
    const after = cursor === undefined ? 0 : readCursor(cursor);
    // Contacts are kept in the order of their numbers.
    const all = world.contacts.view('all', (contacts) => contacts);
    const from = all.findIndex((contact) => numberOf(contact.id) > after);
    const page = from === -1 ? [] : all.slice(from, from + limit);
    const last = page.at(-1);
    const hasMore = last !== undefined && last !== all.at(-1);
    const nextCursor = hasMore ? JSON.stringify(writeCursor(numberOf(last.id))) : 'null';
    return reply
      .type('application/json; charset=utf-8')
      .send(`{"data":${world.contacts.listText(page)},"nextCursor":${nextCursor},"hasMore":${hasMore}}`);
  });

  app.get<{ Params: { id: string } }>('/contacts/:id', (request) => {
    const contact = world.contacts.get(request.params.id);
    if (!contact) throw new ApiError(404, 'not_found', `There is no contact "${request.params.id}".`);
    return contact;
  });
}

function numberOf(id: string): number {
  return Number(id.slice('con_'.length));
}

function writeCursor(after: number): string {
  return Buffer.from(`after:${after}`).toString('base64url');
}

function readCursor(cursor: string): number {
  const match = /^after:(\d+)$/.exec(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (!match) throw new ApiError(400, 'invalid_cursor', 'The cursor is not one that this API gave.');
  return Number(match[1]);
}
