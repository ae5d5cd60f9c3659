import { z } from 'zod';
import { providerAuthSchema } from './auth/provider-auth.ts';
import { providerFields } from './auth/provider-field.ts';
import { headerName, template } from './auth/template.ts';

/**
 * The provider format: one provider.yaml an API. Text values marked "template" are interpolated with `${...}`:
 * `${connection.<field>}` (what the customer was asked for, and what connecting told), `${credential.<field>}` (secrets
 * of the connection) and `${integration.<field>}` (what the developer configured: the OAuth client, a developer token).
 */
const parameterPlace = z
  .enum(['query', 'body'])
  .optional()
  .describe(
    'Where the parameters stand. Default: in the body when there is one (JSON object or form), else the query.',
  );

export const paginationSchema = z.discriminatedUnion('style', [
  z.strictObject({
    style: z.literal('link'),
    items: z.string().optional().describe('Path of the list in the answer, dot-separated; absent: the answer is it.'),
    rel: z.string().default('next').describe('Relation in the Link header (RFC 8288).'),
    path: z.string().optional().describe('Path of the next address in the answer, instead of the Link header.'),
    limitParam: z.string().optional(),
    limit: z.number().int().positive().optional(),
  }),
  z.strictObject({
    style: z.literal('cursor'),
    items: z.string().optional(),
    param: z.string().describe('Parameter that carries the cursor; in a JSON body it may be a path with dots.'),
    in: parameterPlace,
    path: z.string().optional().describe('Path of the next cursor in the answer.'),
    lastItemField: z.string().optional().describe('The cursor is this field of the last item (Stripe: id).'),
    morePath: z.string().optional().describe('Path of a boolean that says whether there is more (Stripe: has_more).'),
    limitParam: z.string().optional(),
    limit: z.number().int().positive().optional(),
  }),
  z.strictObject({
    style: z.literal('offset'),
    items: z.string().optional(),
    param: z.string().describe('Parameter that carries the offset or the page number.'),
    in: parameterPlace,
    unit: z.enum(['item', 'page']).default('item'),
    first: z.number().int().nonnegative().default(0),
    limitParam: z.string().optional(),
    limit: z.number().int().positive().describe('Items asked for a page; a shorter page is the last.'),
    totalPath: z.string().optional().describe('Path of the number of items in all, trusted over the length of a page.'),
    morePath: z.string().optional().describe('Path of a boolean that says whether there is more, trusted as well.'),
    lastPage: z
      .enum(['short', 'empty'])
      .default('short')
      .describe(
        '`empty`: pages in the middle may be short too (filtered after paging); only an empty one is the last.',
      ),
  }),
  z.strictObject({
    style: z.literal('graphql'),
    connection: z.string().optional().describe('Path of what has nodes and pageInfo in the answer (data.issues).'),
    items: z.enum(['nodes', 'edges']).default('nodes').describe('`edges`: the items are the node of each edge.'),
    variable: z.string().default('after').describe('Variable of the query that takes pageInfo.endCursor.'),
    limitParam: z.string().optional().describe('Variable of the query that takes the limit (first).'),
    limit: z.number().int().positive().optional(),
  }),
]);
export type Pagination = z.infer<typeof paginationSchema>;
export type PaginationInput = z.input<typeof paginationSchema>;

/** Who shares a limit: a customer's connection, all connections of an integration, or all integrations of one app. */
const limitScope = z.enum(['connection', 'integration', 'app']);

export const retrySchema = z.strictObject({
  statuses: z.array(z.number().int()).default([429, 500, 502, 503, 504]),
  maxAttempts: z.number().int().min(1).max(20).default(5),
  waitHeaders: z
    .array(headerName)
    .default(['retry-after'])
    .describe('Headers with seconds or an HTTP date to wait for (RFC 9110 section 10.2.3), the first present wins.'),
  limitHeader: headerName.optional().describe('Header with the calls that a window allows.'),
  resetHeader: headerName.optional().describe('Header that says when the rate limit resets, in `resetUnit`.'),
  resetUnit: z
    .enum(['unix-seconds', 'unix-ms', 'seconds', 'ms', 'date'])
    .default('unix-seconds')
    .describe('`seconds` and `ms` count from now; `date` is an HTTP or ISO 8601 date.'),
  remainingHeader: headerName
    .optional()
    .describe('Header with the calls left; 0 on a refused call means: wait for the reset.'),
  limitScope: limitScope
    .default('connection')
    .describe('Who shares the limit that these headers and refusals tell of; `app`: all that use one OAuth client.'),
  rateLimitStatuses: z
    .array(z.number().int())
    .default([429])
    .describe(
      'Statuses that mean "rate limited" (GitHub also uses 403, then remainingHeader must say 0 or a wait header be present).',
    ),
});

/** What a provider is for; the first is its main one. */
export const categorySchema = z.enum([
  'accounting',
  'ai',
  'analytics',
  'ats',
  'calendar',
  'chat',
  'cloud',
  'crm',
  'design',
  'dev-tools',
  'e-commerce',
  'email',
  'files',
  'finance',
  'forms',
  'hr',
  'knowledge',
  'marketing',
  'observability',
  'payments',
  'project-management',
  'social',
  'support',
  'telephony',
  'testing',
  'ticketing',
  'video',
]);

/** Some APIs answer 200 with an error inside (Slack: ok = false; GraphQL: errors). */
const bodyErrorSchema = z
  .strictObject({
    okPath: z.string().optional().describe('Path of a boolean that is false when the call failed.'),
    errorPath: z.string().optional().describe('Path of what is there only when the call failed (GraphQL: errors.0).'),
    messagePath: z.string().describe('Path of the error code or message.'),
    unauthorized: z.array(z.string()).default([]).describe('Values that mean the credentials were refused.'),
    rateLimited: z.array(z.string()).default([]),
  })
  .refine(({ okPath, errorPath }) => okPath !== undefined || errorPath !== undefined, 'needs okPath or errorPath');

export const providerSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and dashes'),
  displayName: z.string(),
  categories: z.array(categorySchema).default([]),
  connectHelp: z
    .string()
    .optional()
    .describe('For the customer: where to find what is asked for, in one or two sentences.'),
  setup: z
    .strictObject({
      url: z.url().describe('Where the developer registers an app or makes keys.'),
      note: z.string().optional(),
    })
    .optional(),
  docs: z.url().describe("The vendor's API documentation."),
  sources: z.array(z.url()).min(1).describe('Where the facts of this file come from.'),
  auth: providerAuthSchema,
  connection: providerFields
    .default({})
    .describe('What to ask the customer for beside the credentials (a subdomain, a region).'),
  integration: providerFields
    .default({})
    .describe(
      'What the developer configures once for all customers, beside the OAuth client that the auth mode implies (a developer token).',
    ),
  baseUrl: template,
  headers: z.record(headerName, template).default({}),
  query: z.record(z.string(), template).default({}),
  verification: z
    .strictObject({
      method: z.enum(['GET', 'POST', 'HEAD']).default('GET'),
      baseUrl: template.optional().describe('Where it goes, if not to the base URL of the API.'),
      path: template,
      body: z.record(z.string(), z.unknown()).optional().describe('JSON, such as a GraphQL query.'),
    })
    .optional()
    .describe('A cheap request that succeeds only with valid credentials.'),
  retry: retrySchema.prefault({}),
  pagination: paginationSchema.optional().describe('What paginate() does unless the call says otherwise.'),
  bodyError: bodyErrorSchema.optional(),
  rateLimits: z
    .array(
      z.strictObject({
        requests: z.number().int().positive(),
        perSeconds: z.number().positive(),
        scope: limitScope.default('connection'),
        enforced: z
          .boolean()
          .default(true)
          .describe('false: it holds for some calls or some plans only, so that calls do not wait for it.'),
        note: z.string().optional(),
      }),
    )
    .default([])
    .describe('As the vendor documents them. Calls wait for those that are enforced.'),
  requestTimeoutMs: z.number().int().positive().default(60_000),
});

export type LimitScope = z.infer<typeof limitScope>;
/** A provider, with defaults filled in. */
export type Provider = z.infer<typeof providerSchema>;
/** A provider as a file may spell it. */
export type ProviderInput = z.input<typeof providerSchema>;
