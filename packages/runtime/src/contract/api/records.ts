import { z } from 'zod';
import { connectionIdSchema, isoTimeSchema, modelNameSchema, nameSchema } from '../names.ts';
import { pageQuerySchema } from './page.ts';

/** A stored record: the model's fields are in `data`; what Tenon knows of it is beside. */
export const recordSchema = z.object({
  id: z.string(),
  data: z.record(z.string(), z.unknown()),
  createdAt: isoTimeSchema,
  updatedAt: isoTimeSchema,
  deletedAt: isoTimeSchema.nullable(),
});
export type StoredRecord = z.infer<typeof recordSchema>;

/** What narrows a list of records; lists and exports share it. */
export const recordFilterSchema = z.object({
  ids: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.string().min(1).max(1_000)).max(1_000))
    .optional()
    .describe('Comma-separated.'),
  updatedAfter: isoTimeSchema.optional(),
  deleted: z.enum(['exclude', 'include', 'only']).default('exclude').describe('Records marked as deleted.'),
  where: z
    .string()
    .max(4_000)
    .optional()
    .describe('JSON object: a field\'s path, dot-separated, to the value that it has, such as {"state":"open"}.'),
});

export const recordQuerySchema = pageQuerySchema.extend(recordFilterSchema.shape);

/**
 * One entry of the change feed. The feed holds the latest change of each record after the cursor: a record added
 * and updated since then is `added`, one added and deleted since then is `deleted`.
 */
export const changeSchema = recordSchema.extend({
  change: z.enum(['added', 'updated', 'deleted']),
  changedPaths: z
    .array(z.string())
    .nullable()
    .optional()
    .describe('With `paths`: what differs from the version that the reader saw last; null: that one is not kept.'),
});
export type Change = z.infer<typeof changeSchema>;

export const changesQuerySchema = pageQuerySchema.extend({
  paths: z.stringbool().default(false).describe('Whether to say which paths changed.'),
});

/** Unlike other lists, the feed has a cursor on its last page too: the place to go on from later. */
export const changesPageSchema = z.object({
  items: z.array(changeSchema),
  nextCursor: z.string(),
  hasMore: z.boolean(),
});
export type ChangesPage = z.infer<typeof changesPageSchema>;

/** One state that a record was in. */
export const recordVersionSchema = z.object({
  data: z.record(z.string(), z.unknown()).nullable().describe('null: it was deleted.'),
  change: z.enum(['added', 'updated', 'deleted']),
  changedPaths: z
    .array(z.string())
    .nullable()
    .describe('Against the version before; null: that one is no longer kept.'),
  at: isoTimeSchema,
  runId: z.uuid().nullable().describe('Which run wrote it; null: no longer known.'),
});
export type RecordVersion = z.infer<typeof recordVersionSchema>;

/** How one record differs between two points in the history: before and after a run, or at the ends of two runs. */
export const recordDifferenceSchema = z.object({
  model: modelNameSchema,
  id: z.string(),
  change: z.enum(['added', 'updated', 'deleted']),
  changedPaths: z.array(z.string()).nullable().describe('null: the earlier version is no longer kept.'),
  before: z.record(z.string(), z.unknown()).nullable().describe('null: it was not there, or is no longer kept.'),
  after: z.record(z.string(), z.unknown()).nullable().describe('null: it is not there any more.'),
});
export type RecordDifference = z.infer<typeof recordDifferenceSchema>;

export const undoneRunSchema = z.object({
  runId: z.uuid().describe('Of the run that undid it.'),
  restored: z.number().int(),
  deleted: z.number().int(),
  skipped: z.number().int().describe('Changed by a later run, or their earlier version is no longer kept.'),
});
export type UndoneRun = z.infer<typeof undoneRunSchema>;

/** Deletions of a run that wait for approval. */
export const holdSchema = z.object({
  id: z.number().int(),
  integration: nameSchema,
  connection: connectionIdSchema,
  sync: nameSchema,
  model: modelNameSchema,
  runId: z.uuid(),
  records: z.number().int().describe('How many would be deleted.'),
  liveRecords: z.number().int().describe('How many there were.'),
  status: z.enum(['pending', 'approved', 'discarded', 'superseded']),
  createdAt: isoTimeSchema,
  decidedAt: isoTimeSchema.nullable(),
});
export type Hold = z.infer<typeof holdSchema>;

/** A hold with a page of the ids that it would delete, in their order. */
export const holdDetailsSchema = z.object({
  hold: holdSchema,
  ids: z.array(z.string()),
  nextCursor: z.string().nullable(),
});
export type HoldDetails = z.infer<typeof holdDetailsSchema>;

export const holdQuerySchema = pageQuerySchema.extend({
  integration: nameSchema.optional(),
  connection: connectionIdSchema.optional(),
  status: z.enum(['pending', 'approved', 'discarded', 'superseded']).optional(),
});

export const decidedHoldSchema = z.object({ hold: holdSchema, deleted: z.number().int() });
export type DecidedHold = z.infer<typeof decidedHoldSchema>;

/** A record that is not what its model says, as the script saved it. */
export const quarantinedRecordSchema = z.object({
  id: z.number().int(),
  integration: nameSchema,
  connection: connectionIdSchema,
  sync: nameSchema,
  model: modelNameSchema,
  recordId: z.string().nullable(),
  data: z.unknown(),
  problems: z.array(z.object({ path: z.string(), message: z.string() })),
  runId: z.uuid(),
  createdAt: isoTimeSchema,
});
export type Quarantined = z.infer<typeof quarantinedRecordSchema>;

export const quarantineQuerySchema = pageQuerySchema.extend({
  integration: nameSchema.optional(),
  connection: connectionIdSchema.optional(),
  model: modelNameSchema.optional(),
});

export const exportFormatSchema = z.enum(['ndjson', 'csv', 'parquet']);
export type ExportFormat = z.infer<typeof exportFormatSchema>;

export const recordExportQuerySchema = recordFilterSchema.extend({
  format: exportFormatSchema.default('ndjson'),
  rawText: z
    .stringbool()
    .default(false)
    .describe(
      "CSV: texts as they are, also those that a spreadsheet would take for a formula and that get a ' otherwise.",
    ),
});

/** Removes records for good: nothing tells readers of it, so it is for what nobody needs any more. */
export const pruneRecordsSchema = z
  .strictObject({
    deletedBefore: isoTimeSchema.optional().describe('Records marked as deleted before.'),
    updatedBefore: isoTimeSchema.optional().describe('Records, live ones too, that did not change since.'),
  })
  .refine(
    ({ deletedBefore, updatedBefore }) => deletedBefore !== undefined || updatedBefore !== undefined,
    'expected deletedBefore, updatedBefore or both',
  );
export type PruneRecords = z.infer<typeof pruneRecordsSchema>;

export const prunedRecordsSchema = z.object({ pruned: z.number().int().describe('How many records were removed.') });
export type PrunedRecords = z.infer<typeof prunedRecordsSchema>;
