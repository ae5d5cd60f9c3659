import { z } from 'zod';

export const rateLimitSchema = z.strictObject({
  limit: z.number().int().positive(),
  windowSeconds: z.number().positive().default(60),
});

export const sandboxOptionsSchema = z.strictObject({
  host: z.string().default('127.0.0.1'),
  port: z.number().int().min(0).max(65_535).default(0).describe('0: any free port.'),
  seed: z.number().int().default(1),
  issues: z.number().int().nonnegative().default(1_250),
  contacts: z.number().int().nonnegative().default(400),
  companies: z.number().int().nonnegative().default(80),
  recordBytes: z.number().int().min(400).default(1_000).describe("Bytes of an issue's JSON."),
  maxPageSize: z.number().int().positive().default(1_000),
  apiKey: z.string().min(1).default('sandbox-key'),
  clientId: z.string().min(1).default('sandbox-client'),
  clientSecret: z.string().min(1).default('sandbox-secret'),
  tokenSeconds: z.number().positive().default(3_600).describe('How long an access token lives.'),
  refreshTokenSeconds: z.number().positive().default(2_592_000).describe('How long a refresh token lives.'),
  rotateRefreshTokens: z
    .boolean()
    .default(true)
    .describe('A renewal gives a new refresh token; using the old one again ends the consent.'),
  redirectUris: z
    .array(z.url())
    .default([])
    .describe('Where browsers may be sent back to, beside /oauth/callback on this machine.'),
  rateLimit: rateLimitSchema.optional().describe('Per credential; absent: no limit.'),
});

/** How a sandbox is started. */
export type SandboxOptions = z.input<typeof sandboxOptionsSchema>;
export type SandboxSettings = z.output<typeof sandboxOptionsSchema>;
export type RateLimit = z.output<typeof rateLimitSchema>;
