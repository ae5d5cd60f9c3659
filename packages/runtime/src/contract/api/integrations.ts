import { z } from 'zod';
import { authModeSchema } from '../../provider/auth/provider-auth.ts';
import { nameSchema } from '../names.ts';

/** One thing that the developer configures for an integration; a secret's value is never shown. */
export const integrationValueSchema = z.object({
  name: z.string(),
  title: z.string(),
  secret: z.boolean(),
  source: z.enum(['code', 'variable', 'default', 'missing', 'unneeded']),
  variable: z.string().nullable().describe('The variable that it is read from.'),
});
export type IntegrationValue = z.infer<typeof integrationValueSchema>;

/** An integration of the active deployment: a provider, and what the project does with it. */
export const integrationSchema = z.object({
  name: nameSchema,
  provider: nameSchema,
  authMode: authModeSchema.describe('What credentials its connections are created with.'),
  flow: z.enum(['form', 'redirect']),
  scopes: z.array(z.string()),
  values: z.array(integrationValueSchema),
  ready: z.boolean().describe('Whether everything that connecting needs is configured.'),
  callbackUrl: z
    .string()
    .nullable()
    .describe("What to register with the provider's app; null where no browser is sent."),
  syncs: z.array(nameSchema),
  actions: z.array(nameSchema),
});
export type Integration = z.infer<typeof integrationSchema>;
