import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** The code of a bundle that some version of the environment names; those of other environments are not told. */
export async function findBundle(
  database: Kysely<Schema>,
  { environmentId, hash }: { environmentId: number; hash: string },
): Promise<string | undefined> {
  const named = JSON.stringify([{ bundle: hash }]);
  const { rows } = await sql<{ code: string }>`
    select code from bundles where hash = ${hash} and exists (
      select from deployments d
      where d.environment_id = ${environmentId}
        and (d.manifest->'functions' @> ${named}::jsonb or d.manifest->'providerHooks' @> ${named}::jsonb))`.execute(
    database,
  );
  return rows[0]?.code;
}
