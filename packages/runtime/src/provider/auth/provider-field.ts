import { z } from 'zod';
import { fieldName } from './template.ts';

/** A value to ask a person for; shown as one field of a form. */
export const providerFieldSchema = z.strictObject({
  title: z.string(),
  description: z.string().optional(),
  example: z.string().optional(),
  pattern: z.string().optional().describe('Regular expression that the whole value must match.'),
  options: z
    .array(z.strictObject({ value: z.string(), title: z.string() }))
    .min(1)
    .optional()
    .describe('The only values there are (regions, plans).'),
  multiline: z.boolean().default(false).describe('For PEM keys and JSON files.'),
  secret: z.boolean().default(false),
  optional: z.boolean().default(false),
  default: z.string().optional(),
  setBy: z
    .enum(['customer', 'app'])
    .optional()
    .describe(
      "app: never asked on the Connect page; the app sets it, in the session's defaults or through the API. For values that choose whose account is used where the credentials are the developer's own: a customer who could type them could name somebody else's.",
    ),
});
export type ProviderField = z.infer<typeof providerFieldSchema>;

/** Fields of a form, by the name that templates use. */
export const providerFields = z.record(fieldName, providerFieldSchema);
