import { z } from 'zod';

/** What a provider gave for a connection, as the server keeps it (encrypted) and renews it. Times are Unix milliseconds. */
export const providerTokenSchema = z.object({
  accessToken: z.string(),
  /** Absent: until the provider refuses it. */
  expiresAtMs: z.number().optional(),
  refreshToken: z.string().optional(),
  refreshExpiresAtMs: z.number().optional(),
  /** As granted, which can be less than was asked for. */
  scopes: z.array(z.string()).optional(),
  /** Of OAuth 1.0a. */
  tokenSecret: z.string().optional(),
  /** More fields of the credential: what a token exchange declares, the keys of an assumed AWS role. */
  fields: z.record(z.string(), z.string()).optional(),
  /** The client that was registered for this connection alone (MCP), and where its server has what. */
  registration: z
    .object({
      clientId: z.string(),
      clientSecret: z.string().optional(),
      clientAuthentication: z.enum(['basic', 'body', 'none']),
      authorizationServer: z.string(),
      tokenUrl: z.string(),
      revocationUrl: z.string().optional(),
      resource: z.string(),
    })
    .optional(),
});
export type ProviderToken = z.infer<typeof providerTokenSchema>;
