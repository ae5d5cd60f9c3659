import { z } from 'zod';
import { authModeSchema } from '../../provider/auth/provider-auth.ts';
import { credentialsSchema } from '../../provider/credential.ts';
import { endUserSchema } from './connect.ts';
import { connectionIdSchema, isoTimeSchema, nameSchema } from '../names.ts';

const jsonObject = z.record(z.string(), z.unknown());

/**
 * What is wrong with a connection's credentials. `revoked`: the customer has to connect again. `provider_down`: it will
 * be tried again. `misconfigured`: the developer has to correct the integration; the customer can do nothing.
 */
export const connectionProblemSchema = z.object({
  class: z.enum(['revoked', 'provider_down', 'misconfigured']),
  code: z.string(),
  message: z.string(),
  hint: z.string().nullable(),
  since: isoTimeSchema,
  failures: z.number().int().describe('In a row.'),
  retryAt: isoTimeSchema.nullable(),
});
export type ConnectionProblem = z.infer<typeof connectionProblemSchema>;

/** When a connection will end by itself, as far as is known. */
export const connectionExpirySchema = z.object({
  at: isoTimeSchema,
  cause: z.enum(['access_token', 'refresh_token', 'refresh_token_idle']),
  unless: z.enum(['refreshed', 'reconnected']).describe('What prevents it; the server refreshes by itself.'),
});
export type ConnectionExpiry = z.infer<typeof connectionExpirySchema>;

/** A connection as the API shows it: never its credentials. */
export const connectionSchema = z.object({
  integration: nameSchema,
  id: connectionIdSchema,
  authMode: authModeSchema,
  state: z
    .enum(['active', 'auth_failed'])
    .describe('auth_failed: the customer has to connect again; until then its syncs are not run.'),
  problem: connectionProblemSchema.nullable(),
  expiry: connectionExpirySchema.nullable(),
  scopes: z.array(z.string()).nullable().describe('As granted; null: unknown, or the mode has none.'),
  tokenExpiresAt: isoTimeSchema.nullable().describe('Of the access token, which is renewed before.'),
  refreshedAt: isoTimeSchema.nullable(),
  endUser: endUserSchema.nullable(),
  borrowedFrom: nameSchema.optional().describe('Of a preview that borrows it: the parent, whose credentials it uses.'),
  config: z
    .record(z.string(), z.string())
    .describe('What the provider asks for beside credentials, such as a subdomain.'),
  settings: jsonObject,
  metadata: jsonObject,
  createdAt: isoTimeSchema,
  updatedAt: isoTimeSchema,
});
export type Connection = z.infer<typeof connectionSchema>;

export const createConnectionSchema = z.strictObject({
  integration: nameSchema,
  id: connectionIdSchema,
  credentials: credentialsSchema,
  config: z.record(z.string(), z.string()).default({}),
  settings: jsonObject.default({}),
  metadata: jsonObject.default({}),
  endUser: endUserSchema.optional(),
  verify: z
    .boolean()
    .default(true)
    .describe("Whether to try the credentials with the provider's verification request."),
});
export type CreateConnection = z.input<typeof createConnectionSchema>;

export const patchConnectionSchema = z.strictObject({
  settings: jsonObject.optional().describe('Replaces the settings.'),
  metadata: jsonObject.optional().describe('Replaces the metadata.'),
  credentials: credentialsSchema.optional().describe('Replaces the credentials and makes the connection active again.'),
  verify: z.boolean().default(true).describe('Whether to try new credentials before they replace the old ones.'),
});
export type PatchConnection = z.input<typeof patchConnectionSchema>;

/** What trying a connection told. */
export const connectionTestSchema = z.object({
  ok: z.boolean(),
  verified: z.boolean().describe('False: the provider has no request to try, so only the token was looked at.'),
  durationMs: z.number(),
  problem: connectionProblemSchema.nullable(),
});
export type ConnectionTest = z.infer<typeof connectionTestSchema>;
