import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import { changedSince } from './changed-since.ts';

export interface Restorable {
  readonly connections: number;
  readonly runs: number;
  readonly unfinished: number;
  readonly restored: number;
  readonly deleted: number;
  readonly cursors: number;
  /** Records whose earlier version is no longer kept. */
  readonly lost: number;
  /** Datasets of which not all changes since are known any more. */
  readonly pruned: number;
}

/** What taking an environment's records back to an activation would do. */
export async function countRestorable(
  database: Kysely<Schema>,
  { environmentId, activationId }: { environmentId: number; activationId: number },
): Promise<Restorable> {
  const { rows } = await sql<Restorable>`
    with places as materialized (
      select d.id as dataset_id, d.connection_id, coalesce(p.position, 0) as position,
        d.pruned_position > coalesce(p.position, 0) or not exists (
          select from run_writes w where w.dataset_id = d.id
            and w.from_position <= coalesce(p.position, 0) + 1 and w.to_position > coalesce(p.position, 0)) as is_pruned
      from connections c join datasets d on d.connection_id = c.id
        left join activation_positions p on p.dataset_id = d.id and p.activation_id = ${activationId}
      where c.environment_id = ${environmentId} and d.position > coalesce(p.position, 0)
    ), judged as (${changedSince(sql`places`)})
    select count(*) filter (where action = 'restore')::float8 as restored,
      count(*) filter (where action = 'delete')::float8 as deleted,
      count(*) filter (where action = 'lost')::float8 as lost,
      (select count(distinct connection_id)::int from places) as connections,
      (select count(*)::int from places where is_pruned) as pruned,
      (select count(distinct w.run_id)::int from places join run_writes w
        on w.dataset_id = places.dataset_id and w.to_position > places.position) as runs,
      (select count(*)::int from runs where environment_id = ${environmentId} and kind = 'sync' and lane <> 'webhook'
        and status in ('queued', 'running')) as unfinished,
      (select count(*)::int from activation_states where activation_id = ${activationId}) as cursors
    from judged`.execute(database);
  const none = { connections: 0, runs: 0, unfinished: 0, restored: 0, deleted: 0, cursors: 0, lost: 0, pruned: 0 };
  return rows[0] ?? none;
}
