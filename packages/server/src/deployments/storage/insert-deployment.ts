import { sql, type Transaction } from 'kysely';
import type { Manifest } from '@tenon/runtime/contract';
import type { Schema } from '../../database/schema.ts';

/**
 * Keeps a manifest under the next version. Numbers are never given out twice: after an older version was activated,
 * the next is still above all. The environment's row must be locked.
 */
export async function insertDeployment(
  transaction: Transaction<Schema>,
  deployment: { environmentId: number; manifest: Manifest; message: string | null },
): Promise<number> {
  const { environmentId, manifest, message } = deployment;
  const result = await sql<{ version: number }>`
    insert into deployments (environment_id, version, manifest, message)
    select ${environmentId}::integer, coalesce(max(version), 0) + 1, ${JSON.stringify(manifest)}::jsonb, ${message}::text
      from deployments where environment_id = ${environmentId}
    returning version`.execute(transaction);
  const version = result.rows[0]?.version;
  if (version === undefined) throw new Error('The insert of a deployment returned no version.');
  return version;
}
