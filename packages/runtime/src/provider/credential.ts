import { z } from 'zod';
import { authModeSchema } from './auth/provider-auth.ts';

const values = z.record(z.string(), z.string().min(1)).describe("By the names of the provider's fields.");

/**
 * What a connection is created with, by auth mode: the secrets that the customer gives, or those that an import brings
 * from elsewhere. What only a browser can obtain is obtained by Connect.
 */
export const credentialsSchema = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('none') }),
  z.strictObject({ mode: z.literal('api_key'), values }),
  z.strictObject({ mode: z.literal('basic'), username: z.string(), password: z.string() }),
  z.strictObject({
    mode: z.literal('oauth2_client_credentials'),
    clientId: z.string().min(1).optional(),
    clientSecret: z.string().min(1).optional().describe("Both left out where the client is the integration's."),
  }),
  z.strictObject({ mode: z.literal('oauth2_jwt_bearer'), values: values.default({}) }),
  z.strictObject({ mode: z.literal('jwt'), values }),
  z.strictObject({ mode: z.literal('token_exchange'), values }),
  z.strictObject({ mode: z.literal('aws_sigv4'), values: values.default({}) }),
  z.strictObject({ mode: z.literal('signature'), values }),
  z
    .strictObject({ mode: z.literal('oauth1'), values })
    .describe('`token` and `tokenSecret`, or the fields of the provider.'),
  z.strictObject({ mode: z.literal('app') }).describe("The installation is a value of the connection's config."),
  z.strictObject({
    mode: z.literal('oauth2'),
    accessToken: z.string().min(1).optional(),
    refreshToken: z.string().min(1).optional(),
    expiresAt: z.iso.datetime().optional().describe('Of the access token.'),
    scopes: z.array(z.string()).optional().describe('As granted.'),
  }),
  z.strictObject({
    mode: z.literal('mcp_oauth'),
    accessToken: z.string().min(1).optional(),
    refreshToken: z.string().min(1).optional(),
    expiresAt: z.iso.datetime().optional(),
  }),
]);
export type Credentials = z.infer<typeof credentialsSchema>;
export type CredentialsOf<Mode extends Credentials['mode']> = Extract<Credentials, { mode: Mode }>;

/**
 * What a run is handed: the one credential that it may use, flat, as `${credential.<field>}` reads it. Modes that obtain
 * tokens arrive as `accessToken`; what the token was obtained with never leaves the server process. Modes that sign
 * each request arrive with their keys, since the signing is done beside the script.
 */
export const activeCredentialSchema = z.strictObject({
  mode: authModeSchema,
  fields: z.record(z.string(), z.string()),
  expiresAtMs: z.number().optional().describe('Unix time in milliseconds; absent: does not expire.'),
});
export type ActiveCredential = z.infer<typeof activeCredentialSchema>;
