import { sql, type Kysely } from 'kysely';
import type { Tick } from '@tenon/runtime/contract';
import type { Schema } from '../../../database/schema.ts';

/** Ticks of a sync that did not run, for one and the same reason. */
export interface SkippedTicks {
  readonly syncId: number | string;
  readonly dueAt: Date;
  /** The last one. */
  readonly untilAt: Date;
  readonly ticks: number;
  readonly reason: NonNullable<Tick['reason']>;
  /** The run that was in the way, or made up for them; null: none, or not yet known. */
  readonly runId: string | null;
}

export async function insertSkippedTicks(
  database: Kysely<Schema>,
  { skipped, now }: { skipped: readonly SkippedTicks[]; now: Date },
): Promise<void> {
  if (skipped.length === 0) return;
  await sql`
    insert into skipped_ticks (environment_id, sync_id, due_at, until_at, ticks, reason, run_id, noted_at)
    select s.environment_id, s.id, d.due_at, d.until_at, d.ticks, d.reason, d.run_id, ${now}
    from unnest(
      ${skipped.map(({ syncId }) => syncId)}::bigint[], ${skipped.map(({ dueAt }) => dueAt)}::timestamptz[],
      ${skipped.map(({ untilAt }) => untilAt)}::timestamptz[], ${skipped.map(({ ticks }) => ticks)}::int[],
      ${skipped.map(({ reason }) => reason)}::text[], ${skipped.map(({ runId }) => runId)}::uuid[]
    ) with ordinality as d (sync_id, due_at, until_at, ticks, reason, run_id, place)
    join syncs s on s.id = d.sync_id
    order by d.place`.execute(database);
}
