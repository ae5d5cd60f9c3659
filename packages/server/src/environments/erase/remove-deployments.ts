import { sql } from 'kysely';
import type { EraseStep } from './erase-step.ts';

/**
 * Versions, and the bundles that no other environment's version names. A deployment elsewhere that counts on a bundle
 * has its row locked (find-missing-bundles.ts): the second statement waits for it, and the third one, which looks anew,
 * sees its version. One that comes later finds the bundle missing, and is told to upload it.
 */
export const removeDeployments: EraseStep['removeBatch'] = (database, { environmentId }) =>
  database.transaction().execute(async (transaction) => {
    const { rows: removed } = await sql<{ hashes: string[] }>`
      delete from deployments where environment_id = ${environmentId}
      returning array(
        select value #>> '{}' from jsonb_path_query(manifest, '$.functions[*].bundle') as value
        union select value #>> '{}' from jsonb_path_query(manifest, '$.providerHooks[*].bundle') as value
      ) as hashes`.execute(transaction);
    const hashes = [...new Set(removed.flatMap((row) => row.hashes))];
    if (hashes.length === 0) return 0;
    await sql`select from bundles where hash = any(${hashes}::text[]) order by hash for update`.execute(transaction);
    await sql`
      delete from bundles where hash = any(${hashes}::text[]) and hash not in (
        select value #>> '{}' from deployments
          cross join lateral jsonb_path_query(manifest, '$.functions[*].bundle') as value
        union all
        select value #>> '{}' from deployments
          cross join lateral jsonb_path_query(manifest, '$.providerHooks[*].bundle') as value
      )`.execute(transaction);
    return 0;
  });
