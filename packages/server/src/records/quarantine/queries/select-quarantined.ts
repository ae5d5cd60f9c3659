import type { Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

export interface QuarantineFilter {
  readonly environmentId: number;
  readonly id?: number | undefined;
  readonly integration?: string | undefined;
  readonly connection?: string | undefined;
  readonly model?: string | undefined;
  /** Only ids below this one. */
  readonly beforeId?: number | undefined;
  readonly limit: number;
}

/** Quarantined records of an environment, newest first. */
export async function selectQuarantined(database: Kysely<Schema>, filter: QuarantineFilter) {
  let query = database
    .selectFrom('quarantine')
    .innerJoin('datasets', 'datasets.id', 'quarantine.dataset_id')
    .innerJoin('connections', 'connections.id', 'datasets.connection_id')
    .innerJoin('syncs', 'syncs.id', 'quarantine.sync_id')
    .select([
      'quarantine.id',
      'quarantine.dataset_id',
      'connections.integration',
      'connections.name as connection',
      'syncs.sync',
      'datasets.model',
      'quarantine.external_id',
      'quarantine.data',
      'quarantine.problems',
      'quarantine.run_id',
      'quarantine.created_at',
    ])
    .where('connections.environment_id', '=', filter.environmentId)
    .orderBy('quarantine.id', 'desc')
    .limit(filter.limit);
  if (filter.id !== undefined) query = query.where('quarantine.id', '=', filter.id);
  if (filter.beforeId !== undefined) query = query.where('quarantine.id', '<', filter.beforeId);
  if (filter.integration !== undefined) query = query.where('connections.integration', '=', filter.integration);
  if (filter.connection !== undefined) query = query.where('connections.name', '=', filter.connection);
  if (filter.model !== undefined) query = query.where('datasets.model', '=', filter.model);
  return query.execute();
}

export type QuarantinedRow = Awaited<ReturnType<typeof selectQuarantined>>[number];
