import { z } from 'zod';
import { auditEntrySchema, pageOf, pageQuerySchema } from '@tenon/runtime/contract';
import { listAuditLog } from '../../../audit/list-audit-log.ts';
import { defineRoute } from '../../route/define-route.ts';

export const listAuditLogRoute = defineRoute({
  method: 'GET',
  path: '/v1/audit-log',
  summary: 'Lists who changed what, and what was refused, newest first.',
  tag: 'audit',
  access: 'key',
  scope: 'audit:read',
  query: pageQuerySchema.extend({
    action: z.string().max(100).optional().describe('Such as connection.create.'),
    subject: z.string().max(1_000).optional().describe('Such as connection:github/user1.'),
    from: z.iso.datetime({ offset: true }).optional().describe('Not before this time.'),
    to: z.iso.datetime({ offset: true }).optional().describe('Before this time.'),
  }),
  answer: { status: 200, description: 'Entries, without secrets.', schema: pageOf(auditEntrySchema) },
  errors: [],
  handle: ({ caller, query }, { database }) =>
    listAuditLog(database, { environmentId: caller.environmentId, ...query }),
});
