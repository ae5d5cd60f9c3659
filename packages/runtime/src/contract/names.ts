import { z } from 'zod';

/** Name of an integration, a function or an environment. */
export const nameSchema = z
  .string()
  .max(100)
  .regex(/^[a-z][a-z0-9-]*$/, 'expected lower-case letters, digits and dashes, starting with a letter');

/** Name of a model: a TypeScript type name. */
export const modelNameSchema = z
  .string()
  .max(100)
  .regex(/^[A-Z][A-Za-z0-9]*$/, 'expected a type name such as Issue');

/** The customer's account, as the app names it. */
export const connectionIdSchema = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^/\s]+$/, 'expected no spaces and no slashes');

export const bundleHashSchema = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in hexadecimal');
export const jsonSchemaSchema = z.record(z.string(), z.unknown());
export const isoTimeSchema = z.iso.datetime();

/** What a provider's hooks can do in place of provider.yaml; see `ProviderHooks`. */
export const providerHookNameSchema = z.enum([
  'beforeRequest',
  'obtainToken',
  'renewToken',
  'afterConnect',
  'verify',
  'revoke',
]);
export type ProviderHookName = z.infer<typeof providerHookNameSchema>;
