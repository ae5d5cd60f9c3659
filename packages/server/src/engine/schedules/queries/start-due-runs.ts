import { sql, type Kysely } from 'kysely';
import type { Run } from '@tenon/runtime/contract';
import type { Schema } from '../../../database/schema.ts';
import { noCounts } from '../../runs/run-row.ts';

export interface DueRun {
  readonly runId: string;
  readonly syncId: number | string;
  readonly version: number;
  readonly trigger: Run['trigger'];
  readonly dueAt: Date;
  readonly sideBySide: boolean;
  /** For the running one to end. */
  readonly waits: boolean;
}

/** Queues runs of syncs that the caller has locked. */
export async function startDueRuns(
  database: Kysely<Schema>,
  { due, now }: { due: readonly DueRun[]; now: Date },
): Promise<void> {
  if (due.length === 0) return;
  await sql`
    insert into runs
      (id, environment_id, connection_id, sync_id, kind, integration, function, version, trigger, cursor_epoch, due_at,
       side_by_side, waits_for, counts, created_at)
    select d.run_id, s.environment_id, s.connection_id, s.id, 'sync', s.integration, s.sync, d.version, d.trigger,
      s.cursor_epoch, d.due_at, d.side_by_side, case when d.waits then 'earlier_run' end,
      ${JSON.stringify(noCounts)}::jsonb, ${now}
    from unnest(
      ${due.map(({ runId }) => runId)}::uuid[], ${due.map(({ syncId }) => syncId)}::bigint[],
      ${due.map(({ trigger }) => trigger)}::text[], ${due.map(({ version }) => version)}::int[],
      ${due.map(({ dueAt }) => dueAt)}::timestamptz[], ${due.map(({ sideBySide }) => sideBySide)}::bool[],
      ${due.map(({ waits }) => waits)}::bool[]
    ) as d (run_id, sync_id, trigger, version, due_at, side_by_side, waits) join syncs s on s.id = d.sync_id
    order by d.run_id`.execute(database);
}
