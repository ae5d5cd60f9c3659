import type { Kysely } from 'kysely';
import { TenonError } from '@tenon/runtime/errors';
import type { Schema } from '../../database/schema.ts';
import { findNextRun } from './next-run.ts';
import { lockSync } from './queries/lock-sync.ts';
import { notifySchedules } from './queries/notify-schedules.ts';
import { updatePaused } from './queries/update-paused.ts';

/**
 * Pauses or resumes the schedule of a sync of a connection. A run under way goes on, and it can be triggered as
 * before. Resumed, it is due at its next tick; what it missed while it was paused is not made up for.
 * @throws TenonError `not_found`
 */
export async function setSyncPaused(
  database: Kysely<Schema>,
  options: {
    environmentId: number;
    integration: string;
    connection: string;
    sync: string;
    paused: boolean;
    now?: Date;
  },
): Promise<void> {
  const now = options.now ?? new Date();
  await database.transaction().execute(async (transaction) => {
    const found = await lockSync(transaction, options);
    if (!found) {
      throw new TenonError(
        'not_found',
        `The connection ${options.connection} of ${options.integration} has no sync ${options.sync}.`,
        { hint: 'GET /v1/syncs lists the syncs of a connection.' },
      );
    }
    if (found.paused === options.paused) return;
    const { schedule, next_run_at: due } = found;
    const missed = schedule && due && due < now;
    const next = missed && !options.paused ? (findNextRun(schedule, { due, now }) ?? null) : due;
    await updatePaused(transaction, { syncId: found.id, paused: options.paused, nextRunAt: next });
    await notifySchedules(transaction);
  });
}
