import { z } from '@tenon/runtime';

export const Channel = z.object({
  id: z.string(),
  name: z.string(),
  topic: z.string(),
  purpose: z.string(),
  isPrivate: z.boolean(),
  isArchived: z.boolean(),
  members: z.number().int().nullable().describe('How many; null: Slack does not say.'),
  createdAt: z.iso.datetime(),
});

export const User = z.object({
  id: z.string(),
  name: z.string().describe('The handle.'),
  realName: z.string().nullable(),
  displayName: z.string().nullable(),
  email: z.string().nullable().describe('Needs the scope users:read.email.'),
  timezone: z.string().nullable(),
  isBot: z.boolean(),
  isActive: z.boolean().describe('False: deactivated. Slack keeps such users.'),
  updatedAt: z.iso.datetime(),
});
