import { z } from 'zod';
import { fieldName, path, template } from './template.ts';

/**
 * What connecting tells about the account beside its credentials: an instance's address, a team's id. It becomes a
 * value of the connection, which templates name as `${connection.<field>}`.
 */
export const captureSchema = z
  .record(
    fieldName,
    z.strictObject({
      from: z
        .enum(['callback', 'token', 'id_token', 'request'])
        .describe(
          'The parameters of the redirect back, the answer of the token endpoint, the claims of its ID token, or the answer to one GET with the new token.',
        ),
      url: template.optional().describe('Of the GET.'),
      path,
      pattern: z
        .string()
        .optional()
        .describe('The whole value must match it. Required for the callback: its parameters can be forged.'),
      example: z.string().optional().describe('What such a value looks like; it matches the pattern.'),
      optional: z.boolean().default(false),
    }),
  )
  .default({});
export type Capture = z.infer<typeof captureSchema>;
