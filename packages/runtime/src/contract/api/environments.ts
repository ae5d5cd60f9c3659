import { z } from 'zod';
import { connectionIdSchema, isoTimeSchema, nameSchema } from '../names.ts';
import { createdApiKeySchema } from './keys.ts';

const hourMs = 3_600_000;
const dayMs = 86_400_000;

/** How long a preview lives: from an hour to 90 days; three days unless it is said. */
export const previewTtlMs = { shortest: hourMs, longest: 90 * dayMs, usual: 3 * dayMs } as const;

const ttlMsSchema = z
  .number()
  .int()
  .min(previewTtlMs.shortest, 'expected at least an hour (3,600,000)')
  .max(previewTtlMs.longest, 'expected at most 90 days (7,776,000,000)')
  .describe('Milliseconds from now on, and from each deployment on.');

export const borrowedConnectionSchema = z.strictObject({ integration: nameSchema, connection: connectionIdSchema });
export type BorrowedConnection = z.infer<typeof borrowedConnectionSchema>;

export const environmentSchema = z.object({
  name: nameSchema,
  kind: z.enum(['standard', 'preview']),
  parent: nameSchema.nullable().describe('Of a preview: the environment whose variables it reads.'),
  createdAt: isoTimeSchema,
  expiresAt: isoTimeSchema.nullable().describe('Of a preview: when it is deleted with everything of it.'),
  ttlMs: z.number().int().nullable().describe('Of a preview: how long each deployment lets it live.'),
  allowWrites: z.boolean().describe('False: requests that change something at a provider are not sent.'),
  activeVersion: z.number().int().describe('Of the deployment; 0: nothing deployed.'),
  borrowed: z.array(borrowedConnectionSchema).describe('Connections of the parent that it uses.'),
});
export type Environment = z.infer<typeof environmentSchema>;

/** A preview as it shall be; what is absent stays as it is, or has its default. */
export const putPreviewSchema = z.strictObject({
  ttlMs: ttlMsSchema.optional().describe('Default: three days.'),
  allowWrites: z.boolean().optional().describe('Default: false.'),
  borrow: z
    .array(borrowedConnectionSchema)
    .max(100)
    .default([])
    .describe('Connections of the parent to use as well; those that are borrowed already stay.'),
});
export type PutPreview = z.input<typeof putPreviewSchema>;

export const storedPreviewSchema = environmentSchema.extend({
  created: z.boolean().describe('False: it was there, and is as asked for now.'),
});
export type StoredPreview = z.infer<typeof storedPreviewSchema>;

export const extendPreviewSchema = z.strictObject({ ttlMs: ttlMsSchema });
export type ExtendPreview = z.input<typeof extendPreviewSchema>;

export const createEnvironmentSchema = z.strictObject({ name: nameSchema });
export type CreateEnvironment = z.input<typeof createEnvironmentSchema>;

export const createdEnvironmentSchema = environmentSchema.extend({
  key: createdApiKeySchema.describe('Its first API key, with the scope admin.'),
});
export type CreatedEnvironment = z.infer<typeof createdEnvironmentSchema>;
