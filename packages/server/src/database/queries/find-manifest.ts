import type { Kysely } from 'kysely';
import { manifestSchema, type Manifest } from '@tenon/runtime/contract';
import type { Schema } from '../schema.ts';

/**
 * The manifest of a version; undefined when there is no such version. One that an earlier release stored is read as
 * this one understands it: what was not there then has its default.
 */
export async function findManifest(
  database: Kysely<Schema>,
  { environmentId, version }: { environmentId: number; version: number },
): Promise<Manifest | undefined> {
  const row = await database
    .selectFrom('deployments')
    .select('manifest')
    .where('environment_id', '=', environmentId)
    .where('version', '=', version)
    .executeTakeFirst();
  return row && manifestSchema.parse(row.manifest);
}
