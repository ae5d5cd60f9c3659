import { z } from 'zod';
import { isoTimeSchema, nameSchema } from '../names.ts';
import { apiScopeSchema } from './keys.ts';

export const healthSchema = z.object({ status: z.literal('ok'), version: z.string() });
export type Health = z.infer<typeof healthSchema>;

export const whoamiSchema = z.object({
  environment: nameSchema,
  parent: nameSchema.nullable().optional().describe('Of a preview: the environment that it is a preview of.'),
  expiresAt: isoTimeSchema.nullable().optional().describe('Of a preview: when it is deleted.'),
  key: z.object({
    name: z.string(),
    prefix: z.string(),
    scopes: z.array(apiScopeSchema),
    // A server of before these fields has keys that can be used all the same.
    id: z.number().int().optional(),
    expiresAt: isoTimeSchema.nullable().optional().describe('Null: it does not expire.'),
  }),
  server: z.object({ version: z.string() }),
  activeVersion: z.number().int().describe('Of the deployment; 0: nothing deployed.'),
});
export type Whoami = z.infer<typeof whoamiSchema>;
