import { sql, type Transaction } from 'kysely';
import type { Deployment, DeploymentSource, Manifest } from '@tenon/runtime/contract';
import type { Schema } from '../../database/schema.ts';

export interface DeploymentRow {
  readonly environmentId: number;
  readonly manifest: Manifest;
  readonly message: string | null;
  readonly externalId?: string | undefined;
  readonly deployedBy?: string | undefined;
  readonly source?: DeploymentSource | undefined;
  readonly changes?: Deployment['changes'] | undefined;
}

/**
 * Keeps a manifest under the next version. Numbers are never given out twice: after an older version was activated,
 * the next is still above all. The environment's row must be locked.
 */
export async function insertDeployment(transaction: Transaction<Schema>, deployment: DeploymentRow): Promise<number> {
  const { environmentId, manifest, message, externalId, deployedBy, source, changes } = deployment;
  const json = (value: object | null | undefined) => (value ? JSON.stringify(value) : null);
  const result = await sql<{ version: number }>`
    insert into deployments (environment_id, version, manifest, message, external_id, deployed_by, source, changes)
    select ${environmentId}::integer, coalesce(max(version), 0) + 1, ${JSON.stringify(manifest)}::jsonb,
      ${message}::text, ${externalId ?? null}::text, ${deployedBy ?? null}::text, ${json(source)}::jsonb,
      ${json(changes)}::jsonb
      from deployments where environment_id = ${environmentId}
    returning version`.execute(transaction);
  const version = result.rows[0]?.version;
  if (version === undefined) throw new Error('The insert of a deployment returned no version.');
  return version;
}
