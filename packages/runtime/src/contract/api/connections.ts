import { z } from 'zod';
import { credentialsSchema } from '../../provider/credential.ts';
import { connectionIdSchema, isoTimeSchema, nameSchema } from '../names.ts';

const jsonObject = z.record(z.string(), z.unknown());

/** A connection as the API shows it: never its credentials. */
export const connectionSchema = z.object({
  integration: nameSchema,
  id: connectionIdSchema,
  authMode: z.string(),
  state: z.enum(['active', 'auth_failed']),
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
