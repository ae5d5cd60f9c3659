import { z } from 'zod';
import { bundleHashSchema, isoTimeSchema, nameSchema } from '../names.ts';
import { manifestSchema } from '../manifest.ts';
import { pageQuerySchema } from './page.ts';

/** `safe`: nothing follows; `resync`: records are read again; `breaking`: readers may break; `destructive`: records go. */
export const changeClassSchema = z.enum(['safe', 'resync', 'breaking', 'destructive']);
export type ChangeClass = z.infer<typeof changeClassSchema>;

const count = z.number().int().nonnegative();

/** What follows from a change for what is there now, counted when the plan was made. */
export const planImpactSchema = z.object({
  connectionsReadAgain: count.describe('Connections whose records a sync reads again from the start.'),
  recordsReadAgain: count.describe('Live records that are read again; they stay where they are meanwhile.'),
  recordsRemoved: count.describe('Live records that nobody can read any more.'),
  recordsReshaped: count.describe('Live records whose shape changes.'),
  connectionsRemoved: count.describe('Connections of integrations that go.'),
  providerCalls: count.describe('To read again: for each connection the median of its latest full runs, in sum.'),
  connectionsWithoutForecast: count.describe('Read again, but never read in full by a run whose calls were counted.'),
  consentsNeeded: count.describe('Connections whose customers must consent again before new scopes are theirs.'),
  schedulesStarting: count,
  schedulesStopping: count,
  deletionsHeld: count.describe('Deletions of the changed syncs that wait for approval.'),
  recordsQuarantined: count.describe('Records of the changed syncs that wait in the quarantine.'),
});
export type PlanImpact = z.infer<typeof planImpactSchema>;

/** Of a change that touches nothing that is there now. */
export const noImpact: PlanImpact = {
  connectionsReadAgain: 0,
  recordsReadAgain: 0,
  recordsRemoved: 0,
  recordsReshaped: 0,
  connectionsRemoved: 0,
  providerCalls: 0,
  connectionsWithoutForecast: 0,
  consentsNeeded: 0,
  schedulesStarting: 0,
  schedulesStopping: 0,
  deletionsHeld: 0,
  recordsQuarantined: 0,
};

export const plannedChangeSchema = z.object({
  action: z.enum(['create', 'update', 'delete', 'rename']),
  kind: z
    .enum(['sync', 'action', 'integration', 'connect', 'model', 'project'])
    .describe('connect: the hosted page; project: what holds for all; model: only of renames.'),
  integration: nameSchema,
  name: z.string().max(100),
  renamedFrom: z.string().max(100).optional().describe('With the action rename: what it is called until now.'),
  class: changeClassSchema,
  reasons: z.array(z.string()).describe('Such as "code", "schedule 1h -> 15m", "model Issue: +labels".'),
  impact: planImpactSchema,
});
export type PlannedChange = z.infer<typeof plannedChangeSchema>;

export const planRequestSchema = z.strictObject({ manifest: manifestSchema });

export const planSchema = z.object({
  baseVersion: z.number().int().describe('The active version that the plan was made against; 0: none.'),
  fingerprint: z.string().describe('Of the environment and its active version: another one is another base.'),
  environment: z.string(),
  changes: z.array(plannedChangeSchema),
  impact: planImpactSchema.describe('Of all changes; a connection that several syncs read again counts once.'),
  hints: z.array(z.string()).describe('What may not be meant, such as a removal that looks like a rename.'),
  missingBundles: z.array(bundleHashSchema).describe('What must be uploaded before the deployment.'),
});
export type Plan = z.infer<typeof planSchema>;

const externalIdSchema = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\s\p{Cc}]+$/u, 'expected no spaces');

/** Where a promoted version was before. */
export const deploymentSourceSchema = z.object({
  environment: z.string().max(100),
  version: z.number().int().positive(),
  server: z.string().max(500).optional().describe('Address of the server, when it is another one.'),
});
export type DeploymentSource = z.infer<typeof deploymentSourceSchema>;

export const createDeploymentSchema = z.strictObject({
  manifest: manifestSchema,
  baseVersion: z.number().int().describe('From the plan; refused as plan_stale when another deployment came between.'),
  fingerprint: z.string().max(100).optional().describe('From the plan; compared as well when it is given.'),
  message: z.string().max(500).optional(),
  externalId: externalIdSchema
    .optional()
    .describe('Such as the commit. Sent again with the same manifest it answers with that version.'),
  source: deploymentSourceSchema.optional(),
  allowDestructive: z.boolean().default(false),
});

export const deploymentSchema = z.object({
  version: z.number().int(),
  active: z.boolean(),
  message: z.string().nullable(),
  externalId: z.string().nullable(),
  deployedBy: z.string().nullable().describe('Name of the API key; null: before that was noted.'),
  source: deploymentSourceSchema.nullable().describe('Of a version that was promoted.'),
  changes: z
    .object({ created: count, updated: count, deleted: count, renamed: count })
    .nullable()
    .describe('Against the version that was active before.'),
  functions: z.number().int(),
  createdAt: isoTimeSchema,
});
export type Deployment = z.infer<typeof deploymentSchema>;

export const deploymentQuerySchema = pageQuerySchema.extend({ externalId: externalIdSchema.optional() });

/** A version with what it is made of. */
export const deployedManifestSchema = z.object({ deployment: deploymentSchema, manifest: manifestSchema });
export type DeployedManifest = z.infer<typeof deployedManifestSchema>;

/** What taking the records back to before a deployment does. */
export const dataRollbackPlanSchema = z.object({
  since: isoTimeSchema.describe('Records and cursors become what they were then.'),
  connections: count,
  runs: count.describe('Runs whose changes are taken back.'),
  runsCancelled: count.describe('Unfinished runs, which are cancelled.'),
  recordsRestored: count.describe('Were changed or deleted since.'),
  recordsDeleted: count.describe('Were added since.'),
  cursorsRestored: count,
  refused: z.string().nullable().describe('Why it cannot be done; null: it can.'),
});
export type DataRollbackPlan = z.infer<typeof dataRollbackPlanSchema>;

export const rollbackPlanSchema = z.object({
  version: z.number().int().describe('The version to go back to.'),
  plan: planSchema,
  data: dataRollbackPlanSchema.nullable().describe('null: it was not asked for.'),
});
export type RollbackPlan = z.infer<typeof rollbackPlanSchema>;

export const rollbackSchema = z.strictObject({
  baseVersion: z.number().int().describe('From its plan; refused as plan_stale when another version is active.'),
  data: z.boolean().default(false).describe('Records and cursors too.'),
});

export const rolledBackSchema = z.object({
  deployment: deploymentSchema,
  data: z
    .object({ recordsRestored: count, recordsDeleted: count, cursorsRestored: count, runsCancelled: count })
    .nullable(),
});
export type RolledBack = z.infer<typeof rolledBackSchema>;
