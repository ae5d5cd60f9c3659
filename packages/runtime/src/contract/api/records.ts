import { z } from 'zod';
import { isoTimeSchema } from '../names.ts';
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

export const recordQuerySchema = pageQuerySchema.extend({
  updatedAfter: isoTimeSchema.optional(),
  deleted: z.stringbool().default(false).describe('Whether to include records marked as deleted.'),
});

/**
 * One entry of the change feed. The feed holds the latest change of each record after the cursor: a record added
 * and updated since then is `added`, one added and deleted since then is `deleted`.
 */
export const changeSchema = recordSchema.extend({ change: z.enum(['added', 'updated', 'deleted']) });
export type Change = z.infer<typeof changeSchema>;

/** Unlike other lists, the feed has a cursor on its last page too: the place to go on from later. */
export const changesPageSchema = z.object({
  items: z.array(changeSchema),
  nextCursor: z.string(),
  hasMore: z.boolean(),
});
export type ChangesPage = z.infer<typeof changesPageSchema>;
