import { sql, type RawBuilder } from 'kysely';

/**
 * The end of every statement that changes records: common table expressions that move the dataset's position and its
 * count of live records, and note which run took the positions. They need one named `taken` before them: (base, positions,
 * live_delta, deleted), one row, where `positions` is 0 when nothing changed.
 *
 * A page that goes on where the run's last one ended lengthens its row instead of adding one. The row is looked for
 * among those that the statement sees; when it does not see the last one yet, a row more is all that comes of it.
 */
export function settleWrites(options: { datasetId: number; runId: string; now: Date }): RawBuilder<unknown> {
  const { datasetId, runId, now } = options;
  return sql`
    settled as (
      update datasets set position = datasets.position + taken.positions, live_count = live_count + taken.live_delta
      from taken where datasets.id = ${datasetId}::bigint and taken.positions > 0
    ), lengthened as (
      update run_writes w set to_position = taken.base + taken.positions, deleted = w.deleted + taken.deleted,
        written_at = ${now}::timestamptz
      from taken
      where w.dataset_id = ${datasetId}::bigint and w.run_id = ${runId}::uuid and w.to_position = taken.base
        and taken.positions > 0 and w.from_position = (
          select from_position from run_writes where dataset_id = ${datasetId}::bigint
          order by from_position desc limit 1)
      returning 1
    ), noted as (
      insert into run_writes (dataset_id, from_position, to_position, run_id, deleted, written_at)
      select ${datasetId}::bigint, taken.base + 1, taken.base + taken.positions, ${runId}::uuid, taken.deleted,
        ${now}::timestamptz
      from taken where taken.positions > 0 and not exists (select from lengthened)
    )`;
}
