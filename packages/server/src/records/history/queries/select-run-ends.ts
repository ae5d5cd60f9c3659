import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

export interface RunEndRow {
  readonly dataset_id: number;
  readonly model: string;
  readonly position: number;
}

/**
 * Where the datasets of a run's connection stood when it ended: after its own last write, or, where it wrote nothing,
 * after what any run had written by then. Before the first write that is still known, nothing is.
 */
export async function selectRunEnds(
  database: Kysely<Schema>,
  { runId, connectionId }: { runId: string; connectionId: number },
): Promise<RunEndRow[]> {
  const { rows } = await sql<RunEndRow>`
    select datasets.id as dataset_id, datasets.model, coalesce(
      (select max(to_position) from run_writes where run_id = runs.id and dataset_id = datasets.id),
      (select max(to_position) from run_writes
        where dataset_id = datasets.id and written_at <= coalesce(runs.finished_at, 'infinity')),
      (select min(from_position) - 1 from run_writes where dataset_id = datasets.id),
      datasets.position
    ) as position
    from runs join datasets on datasets.connection_id = ${connectionId}::bigint
    where runs.id = ${runId}::uuid
    order by datasets.id`.execute(database);
  return rows;
}
