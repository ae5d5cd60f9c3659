import { z } from 'zod';
import { modelNameSchema, nameSchema } from '../names.ts';

/** What a column of a view holds; `jsonb` is everything that has no type of its own in SQL. */
export const columnTypeSchema = z.enum([
  'text',
  'double precision',
  'bigint',
  'boolean',
  'timestamptz',
  'date',
  'jsonb',
]);
export type ColumnType = z.infer<typeof columnTypeSchema>;

/** A view of the database over the records of one model, of all connections of an integration. */
export const sqlViewSchema = z.object({
  name: z.string().describe('With its schema, quoted where SQL needs it.'),
  integration: nameSchema,
  model: modelNameSchema,
  includesDeleted: z.boolean().describe('Whether it shows records that are marked as deleted, with _deleted_at.'),
  columns: z.array(
    z.object({
      name: z.string(),
      type: columnTypeSchema,
      property: z.string().nullable().describe("Of the model; null: one of Tenon's own."),
    }),
  ),
});
export type SqlView = z.infer<typeof sqlViewSchema>;

export const sqlViewsSchema = z.object({
  items: z.array(sqlViewSchema),
  nextCursor: z.null(),
  schema: z.string().describe('Of the database; grant a role usage on it and select on its views.'),
  available: z.boolean().describe('false: the server may not create schemas in its database.'),
  connection: z.string().describe('Where the database is, without a user and a password.'),
});
export type SqlViews = z.infer<typeof sqlViewsSchema>;
