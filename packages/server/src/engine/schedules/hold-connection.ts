import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';
import { createScheduleTicks } from './next-run.ts';
import { holdSyncs } from './queries/hold-syncs.ts';
import { lockWaitingSyncs } from './queries/lock-waiting-syncs.ts';
import { notifySchedules } from './queries/notify-schedules.ts';
import { resumeSyncs } from './queries/resume-syncs.ts';
import { setNextRuns } from './queries/set-next-runs.ts';
import { skipPeriod } from './skip-period.ts';

/**
 * Follows a connection's state, in the transaction that changes it: the syncs of one that lost its authorisation are
 * not started by their schedules, and those of one that has it back are due at once; their ticks in between were skipped.
 */
export async function holdConnection(
  transaction: Kysely<Schema>,
  { connectionId, held, now }: { connectionId: number; held: boolean; now: Date },
): Promise<void> {
  if (held) return holdSyncs(transaction, connectionId);
  const ticks = createScheduleTicks();
  for (const sync of await lockWaitingSyncs(transaction, connectionId)) {
    // The ticks of a paused one are accounted for when it is resumed.
    if (sync.paused || !sync.schedule) continue;
    await skipPeriod(transaction, sync, { ticks, reason: 'waits_for_reconnect', now });
    await setNextRuns(transaction, [{ syncId: sync.id, nextRunAt: now }]);
  }
  await resumeSyncs(transaction, connectionId);
  await notifySchedules(transaction);
}
