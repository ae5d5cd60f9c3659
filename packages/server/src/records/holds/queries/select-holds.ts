import type { Kysely } from 'kysely';
import type { Hold } from '@tenon/runtime/contract';
import type { Schema } from '../../../database/schema.ts';

export interface HoldFilter {
  readonly environmentId: number;
  readonly id?: number | undefined;
  readonly integration?: string | undefined;
  readonly connection?: string | undefined;
  readonly status?: Hold['status'] | undefined;
  /** Only ids below this one. */
  readonly beforeId?: number | undefined;
  readonly limit: number;
}

/** Held deletions of an environment, newest first. */
export async function selectHolds(database: Kysely<Schema>, filter: HoldFilter) {
  let query = database
    .selectFrom('holds')
    .innerJoin('syncs', 'syncs.id', 'holds.sync_id')
    .innerJoin('connections', 'connections.id', 'syncs.connection_id')
    .innerJoin('datasets', 'datasets.id', 'holds.dataset_id')
    .select([
      'holds.id',
      'connections.integration',
      'connections.name as connection',
      'syncs.sync',
      'datasets.model',
      'holds.run_id',
      'holds.record_count',
      'holds.live_count',
      'holds.status',
      'holds.created_at',
      'holds.decided_at',
    ])
    .where('holds.environment_id', '=', filter.environmentId)
    .orderBy('holds.id', 'desc')
    .limit(filter.limit);
  if (filter.id !== undefined) query = query.where('holds.id', '=', filter.id);
  if (filter.beforeId !== undefined) query = query.where('holds.id', '<', filter.beforeId);
  if (filter.integration !== undefined) query = query.where('connections.integration', '=', filter.integration);
  if (filter.connection !== undefined) query = query.where('connections.name', '=', filter.connection);
  if (filter.status !== undefined) query = query.where('holds.status', '=', filter.status);
  return query.execute();
}

export type HoldRow = Awaited<ReturnType<typeof selectHolds>>[number];
