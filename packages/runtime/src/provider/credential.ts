import { z } from 'zod';

/** What a connection is created with: the secrets that the customer or an import gives, by auth mode. */
export const credentialsSchema = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('none') }),
  z.strictObject({ mode: z.literal('api_key'), values: z.record(z.string(), z.string().min(1)) }),
  z.strictObject({ mode: z.literal('basic'), username: z.string(), password: z.string() }),
  z.strictObject({
    mode: z.literal('oauth2_client_credentials'),
    clientId: z.string().min(1),
    clientSecret: z.string().min(1),
  }),
]);
export type Credentials = z.infer<typeof credentialsSchema>;

/**
 * What a run is handed: the one credential that it may use, flat, as `${credential.<field>}` reads it.
 * Client credentials arrive as `accessToken`; the client secret never leaves the server process.
 */
export const activeCredentialSchema = z.strictObject({
  mode: z.enum(['none', 'api_key', 'basic', 'oauth2_client_credentials']),
  fields: z.record(z.string(), z.string()),
  expiresAtMs: z.number().optional().describe('Unix time in milliseconds; absent: does not expire.'),
});
export type ActiveCredential = z.infer<typeof activeCredentialSchema>;
