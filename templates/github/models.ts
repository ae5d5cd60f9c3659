import { z } from '@tenon/runtime';

export const Issue = z.object({
  id: z.number().int().describe('Unique on all of GitHub; the number is unique in its repository only.'),
  repo: z.string().describe('owner/name'),
  number: z.number().int(),
  title: z.string(),
  body: z.string().nullable(),
  state: z.enum(['open', 'closed']),
  stateReason: z.string().nullable().describe('completed, not_planned, duplicate or reopened.'),
  author: z.string().nullable().describe('Login; null: the account was deleted.'),
  assignees: z.array(z.string()).describe('Logins.'),
  labels: z.array(z.string()),
  milestone: z.string().nullable(),
  comments: z.number().int().describe('How many.'),
  url: z.url().describe('The page on GitHub.'),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  closedAt: z.iso.datetime().nullable(),
});

export const Repository = z.object({
  id: z.number().int(),
  name: z.string().describe('owner/name'),
  description: z.string().nullable(),
  isPrivate: z.boolean(),
  isFork: z.boolean(),
  isArchived: z.boolean(),
  defaultBranch: z.string(),
  language: z.string().nullable().describe('The one with the most code.'),
  stars: z.number().int(),
  openIssues: z.number().int().describe('Pull requests included.'),
  url: z.url().describe('The page on GitHub.'),
  updatedAt: z.iso.datetime().nullable(),
  pushedAt: z.iso.datetime().nullable(),
});
