import { z } from 'zod';
import { providerSchema } from '../provider/provider-schema.ts';
import { connectConfigSchema } from '../define/connect-config.ts';
import { variableNameSchema } from './api/variables.ts';
import { bundleHashSchema, jsonSchemaSchema, modelNameSchema, nameSchema, providerHookNameSchema } from './names.ts';

const pace = {
  jitterMs: z.number().int().nonnegative().optional(),
  catchUpMs: z.number().int().nonnegative().optional().describe('Absent: whatever was missed is made up for.'),
};

export const scheduleSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('interval'),
    everyMs: z.number().int().min(1_000),
    phaseMs: z.number().int().nonnegative().optional().describe('Absent: counts from when the connection was made.'),
    ...pace,
  }),
  z.strictObject({ type: z.literal('cron'), expression: z.string(), timezone: z.string(), ...pace }),
]);

const shareSchema = z.number().min(0).max(1);

/** How often and how patiently a run is tried that failed for a reason that may pass. */
export const retryPolicySchema = z.strictObject({
  attempts: z.number().int().min(1).max(20),
  backoffMs: z.number().int().positive(),
  maxBackoffMs: z.number().int().positive(),
});
export type RetryPolicy = z.infer<typeof retryPolicySchema>;

/** More deletions than this are held: a share of the live records, from so many on. */
export const airbagSchema = z.strictObject({ share: shareSchema, atLeast: z.number().int().nonnegative() });
export type Airbag = z.infer<typeof airbagSchema>;

export const overlapSchema = z.enum(['skip', 'queue-one', 'cancel-other', 'allow']);
export type Overlap = z.infer<typeof overlapSchema>;

export const defaultRetryPolicy: RetryPolicy = { attempts: 3, backoffMs: 10_000, maxBackoffMs: 600_000 };
export const defaultAirbag: Airbag = { share: 0.2, atLeast: 10 };

const functionBase = {
  integration: nameSchema,
  name: nameSchema,
  description: z.string().optional(),
  source: z.string().describe("The script's path in its project, for messages."),
  bundle: bundleHashSchema,
  timeoutMs: z.number().int().positive(),
  renamedFrom: nameSchema.optional().describe('What it was called before; it keeps what belongs to that name.'),
};

export const syncManifestSchema = z.strictObject({
  kind: z.literal('sync'),
  ...functionBase,
  models: z
    .array(z.strictObject({ name: modelNameSchema, schema: jsonSchemaSchema, renamedFrom: modelNameSchema.optional() }))
    .min(1),
  schedule: scheduleSchema.nullable(),
  settings: jsonSchemaSchema.nullable(),
  cursor: z
    .strictObject({
      field: z.string(),
      initial: z.union([z.string(), z.number()]).nullable(),
      order: z.enum(['ascending', 'descending', 'unordered']),
      lagMs: z.number().int().nonnegative(),
    })
    .nullable(),
  deletes: z.enum(['none', 'feed', 'flag', 'absence']),
  deletedFlag: z.string().optional().describe("The field that says so, with `deletes: 'flag'`."),
  airbag: airbagSchema.nullable().default(defaultAirbag).describe('null: deletions are never held.'),
  overlap: overlapSchema.default('skip'),
  retry: retryPolicySchema.prefault(defaultRetryPolicy),
  concurrency: z
    .strictObject({ key: z.string().min(1).max(100), limit: z.number().int().positive() })
    .nullable()
    .default(null),
  hasWebhook: z.boolean().default(false).describe('Whether it takes events with onWebhook.'),
});
export type SyncManifest = z.infer<typeof syncManifestSchema>;

export const actionManifestSchema = z.strictObject({
  kind: z.literal('action'),
  ...functionBase,
  input: jsonSchemaSchema,
  output: jsonSchemaSchema,
  errors: z.record(z.string(), jsonSchemaSchema).default({}).describe('Payloads of its own errors, by code.'),
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
  concurrency: z.number().int().positive().optional().describe('Runs at a time over all its connections.'),
  connectionConcurrency: z.number().int().positive().optional().describe('Runs at a time of one connection.'),
  authorizationParameters: z.record(z.string(), z.string()).default({}),
  renamedFrom: nameSchema.optional().describe('What it was called before; it keeps its connections.'),
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
  concurrency: z.number().int().positive().optional().describe('Runs at a time in the environment.'),
  providers: z.array(providerSchema).describe('The providers that the integrations name, whole.'),
  providerHooks: z.array(providerHooksManifestSchema).default([]).describe('Of providers that have hooks.'),
  functions: z.array(functionManifestSchema),
});
export type Manifest = z.infer<typeof manifestSchema>;
