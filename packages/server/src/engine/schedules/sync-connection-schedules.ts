import type { Kysely } from 'kysely';
import { TenonError } from '@tenon/runtime/errors';
import type { Manifest, SyncManifest } from '@tenon/runtime/contract';
import type { Schema } from '../../database/schema.ts';
import { createScheduleTicks, type ScheduleTicks } from './next-run.ts';
import { lockChangedIdleSyncs } from './queries/lock-changed-idle-syncs.ts';
import { notifySchedules } from './queries/notify-schedules.ts';
import { retireSyncs } from './queries/retire-syncs.ts';
import { setNextRuns } from './queries/set-next-runs.ts';
import { upsertSyncs } from './queries/upsert-syncs.ts';
import { skipPeriod } from './skip-period.ts';

/**
 * Makes the environment's syncs what the manifest declares: called, within their transaction, when a version becomes
 * active and when a connection is made. The schedulers are woken when it commits. Paused syncs stay paused, and the
 * schedules that connections have of their own stay theirs.
 * @param database a transaction, or the database
 * @param options.connectionId only this connection, which was made just now
 * @throws TenonError `definition_invalid` for a cron expression or a time zone that cannot be read
 */
export async function syncConnectionSchedules(
  database: Kysely<Schema>,
  options: { environmentId: number; manifest: Manifest; connectionId?: number; now?: Date },
): Promise<void> {
  const now = options.now ?? new Date();
  const ticks = createScheduleTicks();
  const syncs = options.manifest.functions.filter((definition) => definition.kind === 'sync');
  const declared = syncs.map((definition) => ({
    integration: definition.integration,
    sync: definition.name,
    schedule: definition.schedule,
    overlap: definition.overlap,
    cronNextAt: findCronNext(definition, { ticks, now }),
  }));
  const { environmentId, connectionId } = options;
  for (const changed of await lockChangedIdleSyncs(database, { environmentId, connectionId, declared, now })) {
    const reason = changed.paused ? 'paused' : 'waits_for_reconnect';
    const nextRunAt = await skipPeriod(database, changed, { ticks, reason, now });
    await setNextRuns(database, [{ syncId: changed.id, nextRunAt }]);
  }
  if (connectionId === undefined) await retireSyncs(database, { environmentId, declared });
  await upsertSyncs(database, { environmentId, connectionId, declared, now });
  await notifySchedules(database);
}

function findCronNext(
  { schedule, source }: SyncManifest,
  { ticks, now }: { ticks: ScheduleTicks; now: Date },
): Date | null {
  if (schedule?.type !== 'cron') return null;
  try {
    const next = ticks.next(schedule, { anchorMs: 0, offsetMs: 0 }, now.getTime());
    return next === undefined ? null : new Date(next);
  } catch (cause) {
    throw new TenonError('definition_invalid', `The schedule of ${source} cannot be read.`, {
      hint: "Write it as cron does, such as { cron: '0 6 * * 1-5', timezone: 'Europe/Berlin' }.",
      cause,
    });
  }
}
