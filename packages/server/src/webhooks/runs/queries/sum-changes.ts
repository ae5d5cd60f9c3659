import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

export interface ModelChanges {
  readonly dataset_id: number;
  readonly model: string;
  /** Positions in the feed: of the run's first and last change. */
  readonly first: number;
  readonly last: number;
  readonly added: number;
  readonly updated: number;
  readonly deleted: number;
}

/**
 * What a run changed in each dataset, as the feed shows it now: a record that it changed twice counts once. Reads the
 * feed's index over the positions that the run took.
 */
export async function sumChanges(database: Kysely<Schema>, runId: string): Promise<ModelChanges[]> {
  const { rows } = await sql<ModelChanges>`
    with taken as materialized (
      select dataset_id, min(from_position) as first, max(to_position) as last
      from run_writes where run_id = ${runId} group by dataset_id
    )
    select d.id::int as dataset_id, d.model, t.first::float8 as first, t.last::float8 as last,
      c.added::int as added, c.updated::int as updated, c.deleted::int as deleted
    from taken t
    join datasets d on d.id = t.dataset_id
    cross join lateral (
      select count(*) filter (where r.deleted_at is null and r.added_position >= t.first) as added,
        count(*) filter (where r.deleted_at is null and r.added_position < t.first) as updated,
        count(*) filter (where r.deleted_at is not null) as deleted
      from run_writes w
      join records r on r.dataset_id = w.dataset_id and r.position between w.from_position and w.to_position
      where w.run_id = ${runId} and w.dataset_id = t.dataset_id
    ) c
    order by d.model`.execute(database);
  return rows;
}
