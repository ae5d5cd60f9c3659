import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';
import { createScheduleTicks } from './next-run.ts';
import { lockSync } from './queries/lock-sync.ts';
import { notifySchedules } from './queries/notify-schedules.ts';
import { updatePaused } from './queries/update-paused.ts';
import { skipPeriod } from './skip-period.ts';
import { syncMissing, type SyncAddress } from './sync-address.ts';

/**
 * Pauses or resumes the schedule of a sync of a connection. A run under way goes on, and it can be triggered as
 * before. Resumed, it is due at its next tick; what it missed while it was paused is not made up for.
 * @throws TenonError `not_found`
 */
export async function setSyncPaused(
  database: Kysely<Schema>,
  options: SyncAddress & { paused: boolean; now?: Date },
): Promise<void> {
  const now = options.now ?? new Date();
  await database.transaction().execute(async (transaction) => {
    const found = await lockSync(transaction, options);
    if (!found) throw syncMissing(options);
    if (found.paused === options.paused) return;
    // Those of one that waits for its connection too are accounted for when that is back.
    const resumed = !options.paused && found.waits_for === null;
    const next = resumed
      ? await skipPeriod(transaction, found, { ticks: createScheduleTicks(), reason: 'paused', now })
      : found.next_run_at;
    await updatePaused(transaction, { syncId: found.id, paused: options.paused, nextRunAt: next });
    await notifySchedules(transaction);
  });
}
