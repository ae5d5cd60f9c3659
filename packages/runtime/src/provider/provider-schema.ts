import { z } from 'zod';

/**
 * The provider format: one provider.yaml an API. Text values marked "template" are interpolated with `${...}`:
 * `${connection.<field>}` (what the customer was asked for) and `${credential.<field>}` (secrets).
 */
const template = z.string().min(1);
const headerName = z.string().regex(/^[a-z0-9-]+$/, 'a header name in lower case');

/** A value to ask the customer for; shown as one field of a form. */
export const providerFieldSchema = z.strictObject({
  title: z.string(),
  description: z.string().optional(),
  example: z.string().optional(),
  pattern: z.string().optional().describe('Regular expression that the whole value must match.'),
  secret: z.boolean().default(false),
  optional: z.boolean().default(false),
  default: z.string().optional(),
});
export type ProviderField = z.infer<typeof providerFieldSchema>;

const fields = z.record(z.string().regex(/^[a-z][A-Za-z0-9]*$/), providerFieldSchema);

export const providerAuthSchema = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('none') }),
  z.strictObject({
    mode: z.literal('api_key'),
    fields: fields.describe('Secrets that the customer pastes; the usual single one is called apiKey.'),
  }),
  z.strictObject({
    mode: z.literal('basic'),
    username: providerFieldSchema.optional(),
    password: providerFieldSchema.optional(),
  }),
  z.strictObject({
    mode: z.literal('oauth2_client_credentials'),
    tokenUrl: template,
    scopes: z.array(z.string()).default([]),
    scopeSeparator: z.string().default(' '),
    clientAuthentication: z.enum(['basic', 'body']).default('basic').describe('RFC 6749 section 2.3.1'),
    bodyFormat: z.enum(['form', 'json']).default('form'),
    parameters: z.record(z.string(), template).default({}).describe('Extra parameters of the token request.'),
    defaultExpirySeconds: z.number().int().positive().optional().describe('Used when the answer has no expires_in.'),
  }),
]);
export type ProviderAuth = z.infer<typeof providerAuthSchema>;

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
    param: z.string().describe('Query parameter that carries the cursor.'),
    path: z.string().optional().describe('Path of the next cursor in the answer.'),
    lastItemField: z.string().optional().describe('The cursor is this field of the last item (Stripe: id).'),
    morePath: z.string().optional().describe('Path of a boolean that says whether there is more (Stripe: has_more).'),
    limitParam: z.string().optional(),
    limit: z.number().int().positive().optional(),
  }),
  z.strictObject({
    style: z.literal('offset'),
    items: z.string().optional(),
    param: z.string().describe('Query parameter that carries the offset or the page number.'),
    unit: z.enum(['item', 'page']).default('item'),
    first: z.number().int().nonnegative().default(0),
    limitParam: z.string().optional(),
    limit: z.number().int().positive().describe('Items asked for a page; a shorter page is the last.'),
    totalPath: z.string().optional(),
  }),
]);
export type Pagination = z.infer<typeof paginationSchema>;
export type PaginationInput = z.input<typeof paginationSchema>;

export const retrySchema = z.strictObject({
  statuses: z.array(z.number().int()).default([429, 500, 502, 503, 504]),
  maxAttempts: z.number().int().min(1).max(20).default(5),
  waitHeaders: z
    .array(headerName)
    .default(['retry-after'])
    .describe('Headers with seconds or an HTTP date to wait for (RFC 9110 section 10.2.3), the first present wins.'),
  resetHeader: headerName.optional().describe('Header with the Unix time in seconds when the rate limit resets.'),
  remainingHeader: headerName
    .optional()
    .describe('Header with the calls left; 0 on a refused call means: wait for the reset.'),
  rateLimitStatuses: z
    .array(z.number().int())
    .default([429])
    .describe(
      'Statuses that mean "rate limited" (GitHub also uses 403, then remainingHeader must say 0 or a wait header be present).',
    ),
});

/** Some APIs answer 200 with an error inside (Slack: ok = false). */
const bodyErrorSchema = z.strictObject({
  okPath: z.string().describe('Path of a boolean that is false when the call failed.'),
  messagePath: z.string().describe('Path of the error code or message.'),
  unauthorized: z.array(z.string()).default([]).describe('Values that mean the credentials were refused.'),
  rateLimited: z.array(z.string()).default([]),
});

export const providerSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and dashes'),
  displayName: z.string(),
  categories: z.array(z.string()).default([]),
  docs: z.url().describe("The vendor's API documentation."),
  sources: z.array(z.url()).min(1).describe('Where the facts of this file come from.'),
  auth: providerAuthSchema,
  connection: fields
    .default({})
    .describe('What to ask the customer for beside the credentials (a subdomain, a region).'),
  baseUrl: template,
  headers: z.record(headerName, template).default({}),
  query: z.record(z.string(), template).default({}),
  verification: z
    .strictObject({ method: z.enum(['GET', 'POST', 'HEAD']).default('GET'), path: template })
    .optional()
    .describe('A cheap request that succeeds only with valid credentials.'),
  retry: retrySchema.prefault({}),
  pagination: paginationSchema.optional().describe('What paginate() does unless the call says otherwise.'),
  bodyError: bodyErrorSchema.optional(),
  requestTimeoutMs: z.number().int().positive().default(60_000),
});

/** A provider, with defaults filled in. */
export type Provider = z.infer<typeof providerSchema>;
/** A provider as a file may spell it. */
export type ProviderInput = z.input<typeof providerSchema>;
