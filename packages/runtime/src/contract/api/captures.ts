import { z } from 'zod';
import { functionManifestSchema } from '../manifest.ts';
import { connectionIdSchema, isoTimeSchema, nameSchema } from '../names.ts';
import { logKindSchema, logLevelSchema, runCountsSchema, runErrorSchema, runStatusSchema } from './runs.ts';

const cursor = z.union([z.string(), z.number()]);
const object = z.record(z.string(), z.unknown());
const byModel = <Value extends z.ZodType>(value: Value) => z.record(z.string(), value);

const partitionStateSchema = z.object({
  cursor: cursor.optional(),
  checkpoint: z.unknown().optional(),
  progress: object.optional(),
});

/** A request and its answer, as recordings keep them, redacted. */
const capturedExchangeSchema = z.object({
  request: z.object({
    method: z.string(),
    path: z.string().describe('From the origin on, with the query, before a signature was put into it.'),
    headers: z.record(z.string(), z.string()).optional().describe("The script's own."),
    body: z.unknown().optional(),
  }),
  response: z.object({
    status: z.number().int(),
    headers: z.record(z.string(), z.string()),
    body: z.unknown().optional().describe('JSON or text; absent: it was empty, or cut.'),
    bodyBase64: z.string().optional().describe('Instead of body: bytes that are no text.'),
  }),
});

/** What is missing from a capture, because it is bounded. Everything zero: nothing. */
const cutSchema = z.object({
  exchanges: z.number().int().describe('The oldest, which had no room.'),
  bodies: z.number().int().describe('That were larger than a body may be; their exchanges are there without them.'),
  reads: z.number().int().describe('Answers about stored records and other state that had no room.'),
});

/** One run with what it began with and what its provider answered, so that it can be repeated elsewhere. */
export const captureSchema = z.object({
  formatVersion: z.literal(1),
  runId: z.uuid(),
  capturedAt: isoTimeSchema,
  clock: isoTimeSchema.describe('When the script began.'),
  function: z.object({ integration: nameSchema, name: nameSchema }),
  kind: z.enum(['sync', 'action', 'webhook', 'replay']),
  provider: nameSchema,
  connection: z.object({
    id: connectionIdSchema,
    config: z.record(z.string(), z.string()),
    settings: z.unknown().optional(),
    metadata: object,
  }),
  start: partitionStateSchema.extend({
    partitions: z.record(z.string(), partitionStateSchema).optional(),
    records: byModel(z.array(object)).optional().describe('Stored ones that the script read.'),
  }),
  limitPages: z.number().int().positive().optional(),
  until: cursor.optional().describe('Of a backfill.'),
  input: z.unknown().optional().describe('Of an action.'),
  event: z
    .object({ headers: z.record(z.string(), z.string()), body: z.unknown(), receivedAt: isoTimeSchema })
    .optional(),
  variables: z.record(z.string(), z.string()).describe('That the script read; their values are redacted.'),
  calls: z.array(z.object({ action: nameSchema, input: z.unknown().optional(), output: z.unknown().optional() })),
  exchanges: z.array(capturedExchangeSchema).describe('Oldest first.'),
  unanswered: z
    .array(z.object({ method: z.string(), path: z.string(), reason: z.enum(['network', 'timeout']) }))
    .describe('Requests that the provider did not answer.'),
  error: runErrorSchema.optional(),
  cut: cutSchema,
});
export type Capture = z.output<typeof captureSchema>;

/** A stored capture, with what the server knows of its run. */
export const runCaptureSchema = captureSchema.extend({
  version: z.number().int().describe('Of the deployment whose code ran.'),
  status: runStatusSchema,
});
export type RunCapture = z.output<typeof runCaptureSchema>;

export const dryRunRequestSchema = z.strictObject({
  kind: z.enum(['sync', 'action']),
  function: nameSchema,
  input: z.unknown().optional().describe('Of an action.'),
  event: z
    .strictObject({
      headers: z.record(z.string(), z.string()).default({}),
      body: z.unknown(),
      receivedAt: isoTimeSchema.optional(),
    })
    .optional()
    .describe("Calls the sync's onWebhook with it instead."),
  start: z
    .strictObject({
      cursor: cursor.optional(),
      checkpoint: z.unknown().optional(),
      partitions: z.record(z.string(), partitionStateSchema.omit({ progress: true })).optional(),
    })
    .optional()
    .describe('Where the sync begins. Absent: where its last run ended. {}: at the very beginning.'),
  settings: z.record(z.string(), z.unknown()).optional().describe("Instead of the connection's."),
  until: cursor.optional().describe('Stops there, as a backfill does.'),
  limitPages: z.number().int().min(1).max(10_000).optional().describe('Lists end after so many pages in all.'),
  timeoutMs: z.number().int().min(1_000).max(600_000).default(120_000),
  code: z
    .strictObject({
      function: functionManifestSchema,
      bundle: z.string().min(1).describe("The function's bundle, whose SHA-256 `function.bundle` names."),
    })
    .optional()
    .describe('Code that is not deployed; needs the scope deployments:write. Absent: that of the active version.'),
});
export type DryRunRequest = z.input<typeof dryRunRequestSchema>;

/** What a dry run did, and what it would have saved. */
export const dryRunResultSchema = z.object({
  version: z.number().int().nullable().describe('Of the deployment whose code ran; null: it was sent along.'),
  status: z.enum(['succeeded', 'partial', 'failed', 'timed_out', 'cancelled', 'auth_failed', 'rate_limited', 'lost']),
  durationMs: z.number(),
  counts: runCountsSchema.describe('Against what is stored; deletions by absence are not among them.'),
  outcome: z.object({
    records: byModel(z.array(object)).describe('By model; sorted by id.'),
    deleted: byModel(z.array(z.string())).describe('Ids by model; sorted.'),
    quarantined: z.array(
      z.object({
        model: z.string(),
        id: z.string().nullable(),
        problems: z.array(z.object({ path: z.string(), message: z.string() })),
      }),
    ),
    cursor: cursor.optional().describe('Where the next run would begin.'),
    checkpoint: z.unknown().optional(),
    partitions: z.record(z.string(), partitionStateSchema).describe('Those that the run moved.'),
    failedPartitions: z.record(z.string(), runErrorSchema),
    metadata: object.optional().describe("The connection's, if the script changed it."),
    triggered: z.array(nameSchema).describe('Syncs that it would have triggered.'),
    output: z.unknown().optional().describe('Of an action.'),
    error: runErrorSchema.optional(),
  }),
  logs: z.array(
    z.object({
      at: isoTimeSchema,
      kind: logKindSchema,
      level: logLevelSchema,
      message: z.string(),
      data: object.nullable(),
    }),
  ),
  capture: captureSchema.nullable().describe('null: the worker died before it could send one.'),
});
export type DryRunResult = z.output<typeof dryRunResultSchema>;
