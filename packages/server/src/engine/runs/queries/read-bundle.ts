import type { Kysely } from 'kysely';
import { TenonError } from '@tenon/runtime/errors';
import type { Schema } from '../../../database/schema.ts';

/** The code of a bundle. @throws TenonError `bundle_missing` */
export async function readBundle(database: Kysely<Schema>, hash: string): Promise<string> {
  const row = await database.selectFrom('bundles').select('code').where('hash', '=', hash).executeTakeFirst();
  if (row) return row.code;
  throw new TenonError('bundle_missing', `The bundle ${hash} is not stored.`, { hint: 'Deploy the project again.' });
}
