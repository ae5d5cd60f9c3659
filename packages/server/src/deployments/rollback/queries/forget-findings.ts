import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** Takes back what runs put aside since: deletions that wait for approval, and records in the quarantine. */
export async function forgetFindings(
  transaction: Kysely<Schema>,
  { environmentId, since, now }: { environmentId: number; since: Date; now: Date },
): Promise<void> {
  await sql`update holds set status = 'discarded', decided_at = ${now}
    where environment_id = ${environmentId} and status = 'pending' and created_at >= ${since}`.execute(transaction);
  await sql`
    with gone as (
      delete from quarantine q using syncs s
      where s.id = q.sync_id and s.environment_id = ${environmentId} and q.created_at >= ${since}
      returning q.dataset_id
    ), counted as (select dataset_id, count(*)::int as count from gone group by dataset_id)
    update datasets d set quarantined_count = greatest(d.quarantined_count - counted.count, 0)
    from counted where d.id = counted.dataset_id`.execute(transaction);
}
