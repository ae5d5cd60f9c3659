import { z } from '@tenon/runtime';

export const Issue = z.object({
  id: z.string(),
  number: z.number().int().describe('Counts up within the account.'),
  project: z.string(),
  title: z.string(),
  body: z.string(),
  state: z.enum(['open', 'closed']),
  labels: z.array(z.string()),
  assignee: z.string().nullable().describe('Login of a user; null: nobody.'),
  priority: z.enum(['low', 'normal', 'high', 'urgent']),
  comments: z.number().int().describe('How many.'),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

export const Contact = z.object({
  id: z.string(),
  name: z.string().describe('First and last name.'),
  email: z.email(),
  phone: z.string().nullable(),
  companyId: z.string().nullable(),
  updatedAt: z.iso.datetime(),
});
