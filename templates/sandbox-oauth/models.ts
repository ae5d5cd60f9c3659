import { z } from '@tenon/runtime';

export const Company = z.object({
  id: z.string(),
  name: z.string(),
  domain: z.string(),
  industry: z.string(),
  employees: z.number().int(),
  updatedAt: z.iso.datetime(),
});

export const User = z.object({
  id: z.string(),
  login: z.string().describe('What issues name as their assignee.'),
  name: z.string(),
  email: z.email(),
});
