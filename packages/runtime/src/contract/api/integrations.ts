import { z } from 'zod';
import { nameSchema } from '../names.ts';

/** An integration of the active deployment: a provider, and what the project does with it. */
export const integrationSchema = z.object({
  name: nameSchema,
  provider: nameSchema,
  authMode: z.string().describe('What credentials its connections are created with.'),
  syncs: z.array(nameSchema),
  actions: z.array(nameSchema),
});
export type Integration = z.infer<typeof integrationSchema>;
