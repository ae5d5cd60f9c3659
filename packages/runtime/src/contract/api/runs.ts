import { z } from 'zod';
import { connectionIdSchema, isoTimeSchema, nameSchema } from '../names.ts';
import { pageQuerySchema } from './page.ts';

export const runStatusSchema = z.enum([
  'queued',
  'running',
  'succeeded',
  'failed',
  'timed_out',
  'cancelled',
  'auth_failed',
  'rate_limited',
  'lost',
]);
export type RunStatus = z.infer<typeof runStatusSchema>;

/** What a run did to the records; read = added + updated + unchanged, over the saved ones. */
export const runCountsSchema = z.object({
  read: z.number().int(),
  added: z.number().int(),
  updated: z.number().int(),
  unchanged: z.number().int(),
  deleted: z.number().int(),
});
export type RunCounts = z.infer<typeof runCountsSchema>;

export const runErrorSchema = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  stack: z.string().optional().describe("The script's own frames, mapped to its source."),
  details: z.record(z.string(), z.unknown()).optional(),
});
export type RunError = z.infer<typeof runErrorSchema>;

export const runSchema = z.object({
  id: z.uuid(),
  kind: z.enum(['sync', 'action']),
  integration: nameSchema,
  function: nameSchema,
  connection: connectionIdSchema,
  trigger: z.enum(['schedule', 'manual', 'api', 'connect', 'retry']),
  version: z.number().int().describe('Of the deployment whose code runs.'),
  status: runStatusSchema,
  attempt: z.number().int().describe('1 for the first; a lost run is tried again under the same id.'),
  counts: runCountsSchema,
  error: runErrorSchema.nullable(),
  createdAt: isoTimeSchema,
  startedAt: isoTimeSchema.nullable(),
  finishedAt: isoTimeSchema.nullable(),
});
export type Run = z.infer<typeof runSchema>;

export const runQuerySchema = pageQuerySchema.extend({
  integration: nameSchema.optional(),
  connection: connectionIdSchema.optional(),
  function: nameSchema.optional(),
  status: runStatusSchema.optional(),
});

export const logLevelSchema = z.enum(['debug', 'info', 'warn', 'error']);
export type LogLevel = z.infer<typeof logLevelSchema>;

export const logEntrySchema = z.object({
  id: z.string().describe('Grows; also the cursor to read on from.'),
  runId: z.uuid(),
  at: isoTimeSchema,
  level: logLevelSchema,
  message: z.string(),
  data: z.record(z.string(), z.unknown()).nullable(),
});
export type LogEntry = z.infer<typeof logEntrySchema>;

export const logQuerySchema = pageQuerySchema.extend({
  runId: z.uuid().optional(),
  level: logLevelSchema.optional().describe('This level and the more severe ones.'),
});

/** Syncs of connections, with their schedules. */
export const syncStatusSchema = z.object({
  integration: nameSchema,
  connection: connectionIdSchema,
  sync: nameSchema,
  schedule: z.string().nullable().describe('In words, such as "every 15m"; null: runs only when triggered.'),
  paused: z.boolean(),
  waitsFor: z
    .enum(['reconnect'])
    .nullable()
    .describe('reconnect: its connection lost its authorisation; it is due at once when the customer connects again.'),
  nextRunAt: isoTimeSchema.nullable(),
  lastRun: runSchema.nullable(),
});
export type SyncStatus = z.infer<typeof syncStatusSchema>;

/** Answer of a trigger: a run that is queued or running already is not joined by another. */
export const triggeredRunSchema = z.object({
  run: runSchema,
  alreadyRunning: z.boolean().describe('Whether the run was queued or running before.'),
});
export type TriggeredRun = z.infer<typeof triggeredRunSchema>;

/** Events of GET /v1/events (server-sent events): what `tenon dev` and `logs --follow` show as it happens. */
export const liveEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('run.started'), run: runSchema }),
  z.object({ type: z.literal('run.finished'), run: runSchema }),
  z.object({
    type: z.literal('log'),
    run: runSchema.pick({ id: true, integration: true, function: true, connection: true }),
    entry: logEntrySchema,
  }),
  z.object({ type: z.literal('deployment.activated'), version: z.number().int() }),
]);
export type LiveEvent = z.infer<typeof liveEventSchema>;
