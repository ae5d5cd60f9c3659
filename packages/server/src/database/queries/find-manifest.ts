import type { Kysely } from 'kysely';
import type { Manifest } from '@tenon/runtime/contract';
import type { Schema } from '../schema.ts';

/** The manifest of a version; undefined when there is no such version. */
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
  return row?.manifest;
}
