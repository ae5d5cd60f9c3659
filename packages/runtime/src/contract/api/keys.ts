import { z } from 'zod';
import { isoTimeSchema } from '../names.ts';

/** What a key may do. `admin` is everything; reading is asked for on its own, so that a dashboard's key cannot change anything. */
export const apiScopeSchema = z.enum([
  'admin',
  'connections:read',
  'connections:write',
  'connect:write',
  'records:read',
  'records:write',
  'actions:call',
  'syncs:read',
  'syncs:write',
  'deployments:read',
  'deployments:write',
  'webhooks:read',
  'webhooks:write',
  'variables:read',
  'variables:write',
  'keys:read',
  'keys:write',
  'audit:read',
  'environments:read',
  'environments:write',
  'captures:read',
  'runs:dry',
]);
export type ApiScope = z.infer<typeof apiScopeSchema>;

export const apiKeySchema = z.object({
  id: z.number().int(),
  name: z.string(),
  prefix: z.string().describe('What may be shown of it.'),
  scopes: z.array(apiScopeSchema),
  createdAt: isoTimeSchema,
  expiresAt: isoTimeSchema.nullable(),
  revokedAt: isoTimeSchema.nullable(),
  lastUsedAt: isoTimeSchema.nullable().describe('To the minute.'),
});
export type ApiKey = z.infer<typeof apiKeySchema>;

export const createApiKeySchema = z.strictObject({
  name: z.string().min(1).max(100),
  scopes: z.array(apiScopeSchema).min(1).default(['admin']),
  expiresInDays: z.number().int().min(1).max(3_650).optional().describe('Absent: it does not expire.'),
});
export type CreateApiKey = z.input<typeof createApiKeySchema>;

export const createdApiKeySchema = apiKeySchema.extend({
  key: z.string().describe('Shown this once; the server keeps its hash.'),
});
export type CreatedApiKey = z.infer<typeof createdApiKeySchema>;

/** How far the encryption of an environment's server is with its newest key. */
export const keyRotationSchema = z.object({
  keyId: z.string().describe('Of the key that encrypts now, in hexadecimal.'),
  createdAt: isoTimeSchema,
  remaining: z.number().int().describe('Secrets that are still encrypted with an older key.'),
  olderKeys: z.number().int().describe('Kept as long as something needs them.'),
});
export type KeyRotation = z.infer<typeof keyRotationSchema>;
