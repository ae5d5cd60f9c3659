import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import type { DifferenceRow } from '../difference-row.ts';

export interface RunChangeRow extends DifferenceRow {
  readonly position: number;
}

/**
 * What a run changed, by dataset and position: the last state that it gave a record, and the state from before it
 * touched it. A record that another run changed in between has two rows. A version is found by the position that
 * replaced it, which is above its own, so that versions are read from the run's first position on.
 */
export async function selectRunChanges(
  database: Kysely<Schema>,
  options: { runId: string; after: { datasetId: number; position: number }; limit: number },
): Promise<RunChangeRow[]> {
  const { runId, after, limit } = options;
  const own = (position: string) => sql`exists (
    select from run_writes own where own.run_id = ${runId}::uuid and own.dataset_id = touched.dataset_id
      and ${sql.ref(position)} between own.from_position and own.to_position)`;
  const columns = sql`dataset_id, external_id, data, position, added_position, deleted_at`;
  const { rows } = await sql<RunChangeRow>`
    with touched as (
      select touched.* from run_writes page cross join lateral (
        select ${columns}, null::bigint as until_position from records
        where dataset_id = page.dataset_id and position between page.from_position and page.to_position
        union all
        select ${columns}, until_position from record_versions
        where dataset_id = page.dataset_id and until_position > page.from_position
          and position between page.from_position and page.to_position
      ) touched
      where page.run_id = ${runId}::uuid
        and (page.dataset_id, touched.position) > (${after.datasetId}::bigint, ${after.position}::bigint)
    )
    select touched.dataset_id, datasets.model, touched.external_id, touched.position,
      case when earlier.deleted_at is null then earlier.data end as before,
      case when touched.deleted_at is null then touched.data end as after,
      earlier.external_id is not null or ${own('touched.added_position')} as before_kept, true as after_kept
    from touched join datasets on datasets.id = touched.dataset_id
    left join lateral (
      select version.external_id, version.data, version.deleted_at from record_versions version
      where version.dataset_id = touched.dataset_id and version.external_id = touched.external_id
        and version.until_position <= touched.position and not ${own('version.position')}
      order by version.until_position desc limit 1
    ) earlier on true
    where touched.until_position is null or not ${own('touched.until_position')}
    order by touched.dataset_id, touched.position limit ${limit}::int`.execute(database);
  return rows;
}
