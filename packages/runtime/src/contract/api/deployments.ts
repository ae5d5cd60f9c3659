import { z } from 'zod';
import { bundleHashSchema, isoTimeSchema, nameSchema } from '../names.ts';
import { manifestSchema } from '../manifest.ts';

/** `safe`: nothing follows; `resync`: records are read again; `breaking`: readers may break; `destructive`: records go. */
export const changeClassSchema = z.enum(['safe', 'resync', 'breaking', 'destructive']);
export type ChangeClass = z.infer<typeof changeClassSchema>;

export const plannedChangeSchema = z.object({
  action: z.enum(['create', 'update', 'delete']),
  kind: z
    .enum(['sync', 'action', 'integration', 'connect'])
    .describe('connect: the hosted page, for the whole project.'),
  integration: nameSchema,
  name: nameSchema,
  class: changeClassSchema,
  reasons: z.array(z.string()).describe('Such as "code", "schedule 1h -> 15m", "model Issue: +labels".'),
});
export type PlannedChange = z.infer<typeof plannedChangeSchema>;

export const planRequestSchema = z.strictObject({ manifest: manifestSchema });

export const planSchema = z.object({
  baseVersion: z.number().int().describe('The active version that the plan was made against; 0: none.'),
  changes: z.array(plannedChangeSchema),
  missingBundles: z.array(bundleHashSchema).describe('What must be uploaded before the deployment.'),
});
export type Plan = z.infer<typeof planSchema>;

export const createDeploymentSchema = z.strictObject({
  manifest: manifestSchema,
  baseVersion: z.number().int().describe('From the plan; refused as plan_stale when another deployment came between.'),
  message: z.string().max(500).optional(),
  allowDestructive: z.boolean().default(false),
});

export const deploymentSchema = z.object({
  version: z.number().int(),
  active: z.boolean(),
  message: z.string().nullable(),
  functions: z.number().int(),
  createdAt: isoTimeSchema,
});
export type Deployment = z.infer<typeof deploymentSchema>;
