import { manifestSchema, type Manifest } from '@tenon/runtime/contract';
import { providerSchema } from '@tenon/runtime/provider';
import { z } from 'zod';

const hash = (letter: string): string => letter.repeat(64);

const Person = z.object({ login: z.string(), avatarUrl: z.url().nullable() });

const Issue = z
  .object({
    id: z.number().int(),
    title: z.string().describe('What it is about.\nOne line, never */ empty.'),
    state: z.enum(['open', 'closed']),
    author: Person,
    assignees: z.array(Person),
    labels: z.array(z.object({ name: z.string(), color: z.string().optional() })).optional(),
    'reactions-count': z.number(),
    point: z.tuple([z.number(), z.number()]),
    custom: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
    closedAt: z.iso.datetime().nullable(),
    raw: z.unknown(),
  })
  .describe('An issue of a repository.');

const Comment = z.object({
  id: z.string(),
  body: z.string(),
  get replies() {
    return z.array(Comment);
  },
});

function jsonSchema(schema: z.ZodType, io: 'input' | 'output' = 'output'): Record<string, unknown> {
  return z.toJSONSchema(schema, { io }) as Record<string, unknown>;
}

function provider(name: string): Manifest['providers'][number] {
  return providerSchema.parse({
    name,
    displayName: name,
    docs: 'https://example.com/docs',
    sources: ['https://example.com/docs'],
    auth: { mode: 'api_key', fields: { apiKey: { title: 'API key', secret: true } } },
    baseUrl: 'https://api.example.com',
  });
}

/** A project's manifest with a bit of everything, made from zod schemas as the compiler makes it. */
export function sampleManifest(): Manifest {
  return manifestSchema.parse({
    formatVersion: 1,
    runtimeVersion: '0.1.0',
    integrations: [
      { name: 'github', provider: 'github' },
      { name: 'help-desk', provider: 'help-desk' },
    ],
    providers: [provider('github'), provider('help-desk')],
    functions: [
      {
        kind: 'sync',
        integration: 'github',
        name: 'issues',
        description: 'Issues of the repositories a customer picked',
        source: 'integrations/github/syncs/issues.ts',
        bundle: hash('a'),
        timeoutMs: 3_600_000,
        models: [
          { name: 'Issue', schema: jsonSchema(Issue) },
          { name: 'Comment', schema: jsonSchema(Comment) },
        ],
        schedule: { type: 'interval', everyMs: 900_000 },
        settings: null,
        cursor: null,
        deletes: 'none',
      },
      {
        kind: 'action',
        integration: 'github',
        name: 'create-issue',
        description: 'Opens an issue.',
        source: 'integrations/github/actions/create-issue.ts',
        bundle: hash('b'),
        timeoutMs: 60_000,
        input: jsonSchema(z.object({ title: z.string(), body: z.string().optional() }), 'input'),
        output: jsonSchema(z.object({ number: z.number().int(), author: Person })),
        errors: {
          issues_disabled: jsonSchema(z.object({ repository: z.string() })),
          title_taken: jsonSchema(z.object({ number: z.number().int() })),
        },
      },
      {
        kind: 'action',
        integration: 'github',
        name: 'whoami',
        source: 'integrations/github/actions/whoami.ts',
        bundle: hash('c'),
        timeoutMs: 60_000,
        input: jsonSchema(z.object({}), 'input'),
        output: jsonSchema(Person),
      },
      {
        kind: 'sync',
        integration: 'help-desk',
        name: 'open-tickets',
        source: 'integrations/help-desk/syncs/open-tickets.ts',
        bundle: hash('d'),
        timeoutMs: 3_600_000,
        models: [{ name: 'Ticket', schema: jsonSchema(z.object({ id: z.string(), subject: z.string() })) }],
        schedule: null,
        settings: null,
        cursor: null,
        deletes: 'absence',
      },
    ],
  });
}
