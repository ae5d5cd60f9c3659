import { z } from 'zod';
import { providerSchema } from '../provider/provider-schema.ts';
import { connectConfigSchema } from '../define/connect-config.ts';
import { variableNameSchema } from './api/variables.ts';
import { bundleHashSchema, jsonSchemaSchema, modelNameSchema, nameSchema, providerHookNameSchema } from './names.ts';

export const scheduleSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('interval'), everyMs: z.number().int().min(1_000) }),
  z.strictObject({ type: z.literal('cron'), expression: z.string(), timezone: z.string() }),
]);

const functionBase = {
  integration: nameSchema,
  name: nameSchema,
  description: z.string().optional(),
  source: z.string().describe("The script's path in its project, for messages."),
  bundle: bundleHashSchema,
  timeoutMs: z.number().int().positive(),
};

export const syncManifestSchema = z.strictObject({
  kind: z.literal('sync'),
  ...functionBase,
  models: z.array(z.strictObject({ name: modelNameSchema, schema: jsonSchemaSchema })).min(1),
  schedule: scheduleSchema.nullable(),
  settings: jsonSchemaSchema.nullable(),
  cursor: z
    .strictObject({
      field: z.string(),
      initial: z.union([z.string(), z.number()]).nullable(),
      order: z.enum(['ascending', 'unordered']),
      lagMs: z.number().int().nonnegative(),
    })
    .nullable(),
  deletes: z.enum(['none', 'absence']),
});
export type SyncManifest = z.infer<typeof syncManifestSchema>;

export const actionManifestSchema = z.strictObject({
  kind: z.literal('action'),
  ...functionBase,
  input: jsonSchemaSchema,
  output: jsonSchemaSchema,
});
export type ActionManifest = z.infer<typeof actionManifestSchema>;

export const functionManifestSchema = z.discriminatedUnion('kind', [syncManifestSchema, actionManifestSchema]);
export type FunctionManifest = z.infer<typeof functionManifestSchema>;

/** A value of an integration: written in the code, or read from a variable of the environment. */
export const integrationValueSourceSchema = z.union([
  z.strictObject({ value: z.string().min(1) }),
  z.strictObject({ variable: variableNameSchema }),
]);

export const integrationManifestSchema = z.strictObject({
  name: nameSchema,
  provider: nameSchema,
  values: z.record(z.string(), integrationValueSourceSchema).default({}).describe("By the provider's fields."),
  scopes: z.array(z.string()).optional().describe("Instead of the provider's."),
  authorizationParameters: z.record(z.string(), z.string()).default({}),
});
export type IntegrationManifest = z.infer<typeof integrationManifestSchema>;

/** The code of a provider: what its data cannot say. */
export const providerHooksManifestSchema = z.strictObject({
  provider: nameSchema,
  source: z.string().describe("The file's path in its project, or of the shipped template; for messages."),
  bundle: bundleHashSchema,
  hooks: z.array(providerHookNameSchema).min(1).describe('Those that the bundle declares.'),
});
export type ProviderHooksManifest = z.infer<typeof providerHooksManifestSchema>;

/** Everything a deployment is, but for the code of its bundles. Made by the CLI, kept whole by the server. */
export const manifestSchema = z.strictObject({
  formatVersion: z.literal(1),
  runtimeVersion: z.string(),
  integrations: z.array(integrationManifestSchema),
  connect: connectConfigSchema.prefault({}),
  providers: z.array(providerSchema).describe('The providers that the integrations name, whole.'),
  providerHooks: z.array(providerHooksManifestSchema).default([]).describe('Of providers that have hooks.'),
  functions: z.array(functionManifestSchema),
});
export type Manifest = z.infer<typeof manifestSchema>;
