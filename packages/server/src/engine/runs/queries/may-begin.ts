import { sql, type RawBuilder } from 'kysely';

/**
 * Whether the run `r` has another one before it. The runs of a sync in one lane are taken one by one, in the order of
 * their ids (a run that is tried again keeps its place), but for live ones that may go on side by side. What decides
 * between two claims at once is the unique index runs_running.
 */
export const isBlocked: RawBuilder<boolean> = sql`(not r.side_by_side and exists (
  select from runs o
  where o.sync_id = r.sync_id and o.lane = r.lane and o.id <> r.id and o.status in ('queued', 'running')
    and not o.side_by_side and (o.status = 'running' or o.id < r.id)))`;

/** Whether the records of the environment of run `r` are being taken back to before a deployment. */
const isHeldBack: RawBuilder<boolean> = sql`(r.kind = 'sync' and exists (
  select from data_rollbacks b where b.environment_id = r.environment_id and b.finished_at is null))`;

/** Whether the run `r` may begin now, limits of concurrency aside. */
export function mayBegin(now: Date): RawBuilder<boolean> {
  return sql`((r.not_before is null or r.not_before <= ${now}) and not ${isBlocked} and not ${isHeldBack})`;
}
