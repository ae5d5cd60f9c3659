import type { Kysely } from 'kysely';
import { TenonError } from '@tenon/runtime/errors';
import type { Manifest, SyncManifest } from '@tenon/runtime/contract';
import type { Schema } from '../../database/schema.ts';
import { findNextRun } from './next-run.ts';
import { notifySchedules } from './queries/notify-schedules.ts';
import { retireSyncs } from './queries/retire-syncs.ts';
import { upsertSyncs } from './queries/upsert-syncs.ts';

/**
 * Makes the environment's syncs what the manifest declares: called, within their transaction, when a version becomes
 * active and when a connection is made. The schedulers are woken when it commits. Paused syncs stay paused.
 * @param database a transaction, or the database
 * @param options.connectionId only this connection, which was made just now
 * @throws TenonError `definition_invalid` for a cron expression that cannot be read
 */
export async function syncConnectionSchedules(
  database: Kysely<Schema>,
  options: { environmentId: number; manifest: Manifest; connectionId?: number; now?: Date },
): Promise<void> {
  const now = options.now ?? new Date();
  const syncs = options.manifest.functions.filter((definition) => definition.kind === 'sync');
  const declared = syncs.map((definition) => ({
    integration: definition.integration,
    sync: definition.name,
    schedule: definition.schedule,
    changedRunAt: firstRun(definition, now) ?? null,
  }));
  const { environmentId, connectionId } = options;
  if (connectionId === undefined) await retireSyncs(database, { environmentId, declared });
  await upsertSyncs(database, { environmentId, connectionId, declared, now });
  await notifySchedules(database);
}

function firstRun({ schedule, source }: SyncManifest, now: Date): Date | undefined {
  try {
    return schedule ? findNextRun(schedule, { due: now, now }) : undefined;
  } catch (cause) {
    throw new TenonError('definition_invalid', `The schedule of ${source} cannot be read.`, {
      hint: "Write it as cron does, such as { cron: '0 6 * * 1-5', timezone: 'Europe/Berlin' }.",
      cause,
    });
  }
}
