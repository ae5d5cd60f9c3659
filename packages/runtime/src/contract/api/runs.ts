import { z } from 'zod';
import { connectionIdSchema, isoTimeSchema, nameSchema } from '../names.ts';
import { overlapSchema } from '../manifest.ts';
import { pageQuerySchema } from './page.ts';

export const runStatusSchema = z.enum([
  'queued',
  'running',
  'succeeded',
  'partial',
  'held',
  'failed',
  'timed_out',
  'cancelled',
  'auth_failed',
  'rate_limited',
  'lost',
]);
export type RunStatus = z.infer<typeof runStatusSchema>;

/**
 * What a run did to the records; read = added + updated + unchanged + quarantined, over the saved ones. `deleted` are
 * marked as deleted, `held` would have been: they wait for somebody's approval.
 */
export const runCountsSchema = z.object({
  read: z.number().int(),
  added: z.number().int(),
  updated: z.number().int(),
  unchanged: z.number().int(),
  deleted: z.number().int(),
  quarantined: z.number().int(),
  held: z.number().int(),
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

/**
 * Why a run began. `webhook`: an event for onWebhook; `backfill`: a range that does not move the live cursor; `replay`:
 * records of the quarantine are tried again; `undo`: what another run changed is taken back.
 */
export const runTriggerSchema = z.enum([
  'schedule',
  'manual',
  'api',
  'connect',
  'retry',
  'webhook',
  'backfill',
  'replay',
  'undo',
]);
export type RunTrigger = z.infer<typeof runTriggerSchema>;

/** The part of a sync's history that a backfill reads, from `from` on, inclusive, up to `until`; values of its cursor. */
export const backfillRangeSchema = z.object({
  from: z.union([z.string(), z.number()]),
  until: z.union([z.string(), z.number()]).optional(),
});
export type BackfillRange = z.infer<typeof backfillRangeSchema>;

export const runSchema = z.object({
  id: z.uuid(),
  kind: z.enum(['sync', 'action']),
  integration: nameSchema,
  function: nameSchema,
  connection: connectionIdSchema,
  trigger: runTriggerSchema,
  version: z.number().int().describe('Of the deployment whose code runs.'),
  status: runStatusSchema,
  attempt: z.number().int().describe('1 for the first; a lost run is tried again under the same id.'),
  counts: runCountsSchema,
  error: runErrorSchema.nullable(),
  waitsFor: z
    .enum(['retry', 'rate_limit', 'concurrency', 'earlier_run'])
    .nullable()
    .describe('Of a queued run that cannot begin yet.'),
  notBefore: isoTimeSchema.nullable().describe('When a waiting run is tried again at the earliest.'),
  dueAt: isoTimeSchema.describe('startedAt - dueAt is how late it began.'),
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

/** `log`: what the script said; `http`: a call to the provider; `engine`: what the server did with the run. */
export const logKindSchema = z.enum(['log', 'http', 'engine']);
export type LogKind = z.infer<typeof logKindSchema>;

export const logEntrySchema = z.object({
  id: z.string().describe('Grows; also the cursor to read on from.'),
  runId: z.uuid(),
  at: isoTimeSchema,
  kind: logKindSchema,
  level: logLevelSchema,
  message: z.string(),
  data: z.record(z.string(), z.unknown()).nullable(),
});
export type LogEntry = z.infer<typeof logEntrySchema>;

export const logQuerySchema = pageQuerySchema.extend({
  runId: z.uuid().optional(),
  level: logLevelSchema.optional().describe('This level and the more severe ones.'),
  kind: logKindSchema.optional(),
  search: z
    .string()
    .max(200)
    .optional()
    .describe('Words that the message has, in any order; each may be the beginning of one.'),
  integration: nameSchema.optional(),
  connection: connectionIdSchema.optional(),
  function: nameSchema.optional(),
  after: isoTimeSchema.optional(),
  before: isoTimeSchema.optional(),
});

/** Syncs of connections, with their schedules. */
export const syncStatusSchema = z.object({
  integration: nameSchema,
  connection: connectionIdSchema,
  sync: nameSchema,
  schedule: z.string().nullable().describe('In words, such as "every 15m"; null: runs only when triggered.'),
  scheduleSource: z.enum(['code', 'connection']).describe('connection: set for this connection instead of the code.'),
  overlap: overlapSchema,
  paused: z.boolean(),
  waitsFor: z
    .enum(['reconnect', 'preview'])
    .nullable()
    .describe(
      'reconnect: its connection lost its authorisation; it is due at once when the customer connects again. preview: schedules are off in previews.',
    ),
  nextRunAt: isoTimeSchema.nullable(),
  lastRun: runSchema.nullable(),
});
export type SyncStatus = z.infer<typeof syncStatusSchema>;

/** Sets the schedule of one connection, as scripts write it; null: as the code says. */
export const setScheduleSchema = z.strictObject({
  schedule: z.string().max(200).nullable().describe('Such as "every 1h", or "cron 0 6 * * 1-5 Europe/Berlin".'),
});

/** A time at which a sync was due: what came of it. */
export const tickSchema = z.object({
  dueAt: isoTimeSchema,
  outcome: z.enum(['ran', 'skipped']),
  reason: z
    .enum(['overlap', 'missed', 'made_up_for', 'paused', 'waits_for_reconnect'])
    .nullable()
    .describe('Of a skipped one. made_up_for: the run at a later tick did its work.'),
  ticks: z.number().int().describe('How many times this entry stands for, up to untilAt.'),
  untilAt: isoTimeSchema,
  runId: z.uuid().nullable(),
  lateMs: z.number().nullable().describe('How late it began; null: it has not begun, or was skipped.'),
});
export type Tick = z.infer<typeof tickSchema>;

/** What a live sync remembers from one run to the next: of itself, and of each of its partitions. */
export const syncStateSchema = z.object({
  partition: z.string().describe('Empty: the sync itself.'),
  cursor: z
    .union([z.string(), z.number()])
    .nullable()
    .describe('Where the next run reads on; null: from the beginning.'),
  checkpoint: z.unknown().describe('As the script wrote it; null: none.'),
  failedAt: isoTimeSchema.nullable().describe('Of a partition: when it failed last, if it has not succeeded since.'),
  error: runErrorSchema.nullable().describe('Of that failure.'),
  updatedAt: isoTimeSchema,
});
export type SyncState = z.infer<typeof syncStateSchema>;

/** An event for a sync's onWebhook, forwarded by the app that received it. */
export const forwardWebhookSchema = z.strictObject({
  headers: z.record(z.string().max(200), z.string().max(8_000)).default({}),
  body: z.unknown(),
});

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
