import { createHash } from 'node:crypto';
import { sql, type Kysely } from 'kysely';
import { canonicalJson } from '@tenon/runtime/execute';
import type { Schema } from '../../database/schema.ts';

export interface HistoryFixture {
  readonly datasetId: number;
  /** Writes one page of a run, as a commit does: null deletes. */
  write(runId: string, changes: Readonly<Record<string, object | null>>): Promise<void>;
}

/** Rows of records, record_versions and run_writes as the engine leaves them, for tests of what reads them. */
export function createHistory(database: Kysely<Schema>, datasetId: number): HistoryFixture {
  let clock = Date.now() - 86_400_000;

  async function change(id: string, data: object | null, position: number): Promise<void> {
    const at = new Date(clock);
    const { rows } = await sql<{ deleted_at: Date | null; added_position: number; data: object }>`
      with replaced as (
        insert into record_versions (dataset_id, external_id, data, hash, position, added_position, until_position,
          updated_at, deleted_at, observed_ms, version, replaced_at)
        select dataset_id, external_id, data, hash, position, added_position, ${position}::bigint,
          updated_at, deleted_at, observed_ms, version, ${at}::timestamptz
        from records where dataset_id = ${datasetId}::bigint and external_id = ${id}
      )
      select deleted_at, added_position, data from records
      where dataset_id = ${datasetId}::bigint and external_id = ${id}`.execute(database);
    const [old] = rows;
    const json = canonicalJson(data ?? old?.data ?? {});
    const row = {
      data: json,
      hash: createHash('sha256').update(json).digest().subarray(0, 16),
      position,
      added_position: old && (old.deleted_at === null || data === null) ? old.added_position : position,
      updated_at: at,
      deleted_at: data === null ? at : null,
    };
    await database
      .insertInto('records')
      .values({ dataset_id: datasetId, external_id: id, version: null, ...row })
      .onConflict((conflict) => conflict.columns(['dataset_id', 'external_id']).doUpdateSet(row))
      .execute();
  }

  return {
    datasetId,
    async write(runId, changes) {
      clock += 1_000;
      const ids = Object.keys(changes);
      const { position } = await database
        .updateTable('datasets')
        .set((update) => ({ position: update('position', '+', ids.length) }))
        .where('id', '=', datasetId)
        .returning('position')
        .executeTakeFirstOrThrow();
      const from = position - ids.length + 1;
      for (const [index, id] of ids.entries()) await change(id, changes[id] ?? null, from + index);
      await database
        .insertInto('run_writes')
        .values({
          dataset_id: datasetId,
          from_position: from,
          to_position: position,
          run_id: runId,
          written_at: new Date(clock),
        })
        .execute();
    },
  };
}

