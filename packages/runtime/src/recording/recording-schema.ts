import { z } from 'zod';
import { nameSchema } from '../contract/names.ts';
import { exchangeSchema } from '../testing/exchange.ts';

const time = z.iso.datetime({ offset: true });
const cursor = z.union([z.string(), z.number()]);
const object = z.record(z.string(), z.unknown());
const byModel = <Value extends z.ZodType>(value: Value) => z.record(z.string(), value);

const partitionSchema = z.strictObject({
  cursor: cursor.optional(),
  checkpoint: z.unknown().optional(),
  progress: object.optional().describe('Of a run that was interrupted: the request of the next page, by list.'),
});

const problemSchema = z.strictObject({ path: z.string(), message: z.string() });

/** What came of a run. What is empty is left out, so that a file says only what happened. */
export const recordedOutcomeSchema = z.strictObject({
  records: byModel(z.array(object)).optional().describe('As they are stored after the run, by model; sorted by id.'),
  deleted: byModel(z.array(z.string())).optional().describe('Ids, by model; sorted.'),
  quarantined: z
    .array(z.strictObject({ model: z.string(), id: z.string().nullable(), problems: z.array(problemSchema) }))
    .optional(),
  cursor: cursor.optional(),
  checkpoint: z.unknown().optional(),
  partitions: z.record(z.string(), partitionSchema).optional(),
  failedPartitions: z.record(z.string(), z.string()).optional().describe('The code of the error, by partition.'),
  metadata: object.optional().describe("The connection's after the run, if the run changed it."),
  triggered: z.array(z.string()).optional().describe('Syncs that the run triggered.'),
  output: z.unknown().optional().describe('Of an action.'),
  error: z
    .strictObject({ code: z.string(), message: z.string() })
    .optional()
    .describe('What the run failed with. What was committed before it is in the other fields.'),
});
export type RecordedOutcome = z.output<typeof recordedOutcomeSchema>;

/** What a sync finds when it begins. */
export const recordedStartSchema = z.strictObject({
  cursor: cursor.optional(),
  checkpoint: z.unknown().optional(),
  partitions: z.record(z.string(), partitionSchema).optional(),
  progress: object.optional(),
  records: byModel(z.array(object)).optional().describe('Stored records that the script reads back or changes.'),
});

/** One run of a function with everything that it met outside itself, so that it can be repeated offline. */
export const recordingSchema = z.strictObject({
  formatVersion: z.literal(1),
  function: z.strictObject({ integration: nameSchema, name: nameSchema }),
  kind: z.enum(['sync', 'action', 'webhook']).describe('webhook: the `onWebhook` of a sync.'),
  provider: nameSchema,
  recordedAt: time,
  clock: time.describe('What `Date` says when the run begins; it goes forward by waits alone.'),
  limitPages: z.number().int().positive().optional().describe('Lists end after so many pages in all.'),
  connection: z.strictObject({
    id: z.string().min(1),
    config: z.record(z.string(), z.string()).default({}),
    settings: z.unknown().optional(),
    metadata: object.default({}),
  }),
  start: recordedStartSchema.default({}),
  until: cursor.optional().describe('Of a backfill: where it stops.'),
  input: z.unknown().optional().describe('Of an action.'),
  event: z
    .strictObject({ headers: z.record(z.string(), z.string()).default({}), body: z.unknown(), receivedAt: time })
    .optional()
    .describe('Of a webhook.'),
  variables: z.record(z.string(), z.string()).default({}).describe('That the run asked for.'),
  calls: z
    .array(z.strictObject({ action: nameSchema, input: z.unknown().optional(), output: z.unknown().optional() }))
    .optional()
    .describe('What `callAction` answered, in order.'),
  exchanges: z.array(exchangeSchema),
  outcome: recordedOutcomeSchema,
});

/** With defaults filled in. */
export type Recording = z.output<typeof recordingSchema>;
/** What a run met, before anybody said what should come of it. */
export type RecordingDraft = Omit<z.input<typeof recordingSchema>, 'outcome'>;
