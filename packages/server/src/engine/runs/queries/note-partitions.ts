import { sql, type Kysely } from 'kysely';
import type { SyncResult } from '@tenon/runtime/execute';
import type { Schema } from '../../../database/schema.ts';
import { toJsonbText } from '../../../database/to-jsonb-text.ts';
import type { StateOwner } from '../../states/state-owner.ts';

/** Notes which partitions of a sync failed in a run that came to its end; all others count as well. */
export async function notePartitions(
  database: Kysely<Schema>,
  { syncId, cursorEpoch, scope }: StateOwner,
  { failed, now }: { failed: SyncResult['partitions']['failed']; now: Date },
): Promise<void> {
  await sql`
    with failed as (
      select * from unnest(${failed.map(({ key }) => key.replaceAll('\0', '\ufffd'))}::text[], ${failed.map(({ error }) => toJsonbText(error))}::jsonb[])
        as f (partition, error)
    ), recovered as (
      update sync_states t set failed_at = null, error = null
      where t.sync_id = ${syncId} and t.scope = ${scope} and t.failed_at is not null
        and not exists (select from failed f where f.partition = t.partition)
    )
    insert into sync_states (sync_id, scope, partition, failed_at, error)
    select distinct on (f.partition) s.id, ${scope}, f.partition, ${now}::timestamptz, f.error
    from failed f join syncs s on s.id = ${syncId} and s.cursor_epoch = ${cursorEpoch}
    on conflict (sync_id, scope, partition) do update set failed_at = excluded.failed_at, error = excluded.error`.execute(
    database,
  );
}
