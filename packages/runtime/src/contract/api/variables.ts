import { z } from 'zod';
import { isoTimeSchema } from '../names.ts';

export const variableNameSchema = z
  .string()
  .max(100)
  .regex(/^[A-Z][A-Z0-9_]*$/, 'expected a name such as GITHUB_CLIENT_SECRET');

/** A secret of an environment, by name; its value is never shown. */
export const variableSchema = z.object({
  name: variableNameSchema,
  source: z
    .enum(['stored', 'parent', 'server'])
    .describe(
      "`server`: from the server's own environment, as TENON_VAR_<name>; `parent`: of a preview, stored in its parent.",
    ),
  overrides: z
    .boolean()
    .describe("It is stored, and the server's environment has one of this name, which is not used."),
  updatedAt: isoTimeSchema.nullable(),
});
export type Variable = z.infer<typeof variableSchema>;

export const putVariableSchema = z.strictObject({ value: z.string().min(1).max(65_536) });
export type PutVariable = z.input<typeof putVariableSchema>;
