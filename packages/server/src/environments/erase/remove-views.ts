import { sql } from 'kysely';
import { quoteName } from '../../records/columns/sql-name.ts';
import { findViewSchema } from '../../records/views/find-view-schema.ts';
import type { EraseStep } from './erase-step.ts';

/** The schema of its SQL views, with what others have built on them. */
export const removeViews: EraseStep['removeBatch'] = async (database, { environmentId }) => {
  const schema = await findViewSchema(database, environmentId);
  await sql`drop schema if exists ${sql.raw(quoteName(schema))} cascade`.execute(database);
  return 0;
};
