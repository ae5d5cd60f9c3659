import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

export interface UndoableRun {
  readonly kind: 'sync' | 'action';
  readonly status: string;
  readonly sync_id: number | null;
}

/** Finds a run of the environment, and locks its sync until the transaction ends. */
export async function findUndoableRun(
  transaction: Kysely<Schema>,
  options: { environmentId: number; runId: string },
): Promise<UndoableRun | undefined> {
  const { rows } = await sql<UndoableRun>`
    with found as (
      select kind, status, sync_id from runs
      where id = ${options.runId}::uuid and environment_id = ${options.environmentId}
    ), locked as (
      select id from syncs where id in (select sync_id from found) for no key update
    )
    select kind, status, sync_id from found where (select count(*) from locked) >= 0`.execute(transaction);
  return rows[0];
}
