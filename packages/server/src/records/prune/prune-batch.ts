import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** Removes one batch of a dataset's records and their versions. @returns how many records it removed */
export async function pruneBatch(
  database: Kysely<Schema>,
  options: {
    datasetId: number;
    /** ISO 8601 times. */
    deletedBefore?: string | undefined;
    updatedBefore?: string | undefined;
    limit: number;
  },
): Promise<number> {
  const { datasetId, deletedBefore, updatedBefore, limit } = options;
  const conditions = [
    ...(deletedBefore === undefined ? [] : [sql`deleted_at < ${deletedBefore}::timestamptz`]),
    ...(updatedBefore === undefined ? [] : [sql`updated_at < ${updatedBefore}::timestamptz`]),
  ];
  if (conditions.length === 0) return 0;
  return database.transaction().execute(async (transaction) => {
    // In a statement of its own, so that the next one sees what whoever held it has written.
    await sql`select from datasets where id = ${datasetId}::bigint for update`.execute(transaction);
    const { rows } = await sql<{ removed: number }>`
      with removed as (
        delete from records where dataset_id = ${datasetId}::bigint and external_id = any(array(
          select external_id from records
          where dataset_id = ${datasetId}::bigint and (${sql.join(conditions, sql` or `)})
          limit ${limit}::int
        ))
        returning external_id, position, deleted_at
      ), forgotten as (
        delete from record_versions using removed
        where dataset_id = ${datasetId}::bigint and record_versions.external_id = removed.external_id
      )
      update datasets set
        live_count = live_count - (select count(*) from removed where deleted_at is null),
        pruned_position = greatest(pruned_position, (select max(position) from removed))
      where id = ${datasetId}::bigint
      returning (select count(*)::int from removed) as removed`.execute(transaction);
    return rows[0]?.removed ?? 0;
  });
}
