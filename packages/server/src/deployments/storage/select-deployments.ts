import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** Versions of an environment, newest first. */
export async function selectDeployments(
  database: Kysely<Schema>,
  options: { environmentId: number; before?: number; version?: number; externalId?: string | undefined; limit: number },
) {
  let query = database
    .selectFrom('deployments')
    .innerJoin('environments', 'environments.id', 'deployments.environment_id')
    .select([
      'deployments.version',
      'deployments.message',
      'deployments.external_id',
      'deployments.deployed_by',
      'deployments.source',
      'deployments.changes',
      'deployments.created_at',
      'environments.active_version',
      // Counted in the database: a manifest of 500 functions is megabytes.
      sql<number>`jsonb_array_length(deployments.manifest -> 'functions')`.as('functions'),
    ])
    .where('deployments.environment_id', '=', options.environmentId)
    .orderBy('deployments.version', 'desc')
    .limit(options.limit);
  if (options.before !== undefined) query = query.where('deployments.version', '<', options.before);
  if (options.version !== undefined) query = query.where('deployments.version', '=', options.version);
  if (options.externalId !== undefined) query = query.where('deployments.external_id', '=', options.externalId);
  return query.execute();
}
