import { z } from 'zod';
import { isoTimeSchema } from '../names.ts';

/** Who did what: kept for every request that changed something, and for what the server did of itself. */
export const auditEntrySchema = z.object({
  id: z.number().int(),
  at: isoTimeSchema,
  actor: z.object({
    kind: z.enum(['api_key', 'connect_session', 'system']),
    id: z.string().nullable(),
    name: z.string().nullable(),
  }),
  action: z.string().describe('Such as connection.create.'),
  subject: z.string().nullable().describe('What it was done to, such as connection:github/user1.'),
  details: z.record(z.string(), z.unknown()),
  address: z.string().nullable().describe('IP address that the request came from.'),
  requestId: z.string().nullable(),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;
