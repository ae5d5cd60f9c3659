import type { Kysely } from 'kysely';
import { TenonError } from '@tenon/runtime/errors';
import type { Schema } from '../../database/schema.ts';
import { functionMissing } from '../runs/function-missing.ts';
import type { Manifests } from '../runs/manifests.ts';
import { findJitter } from './find-jitter.ts';
import { createScheduleTicks, type Schedule, type ScheduleTicks } from './next-run.ts';
import { parseScheduleText } from './parse-schedule-text.ts';
import { lockSync, type LockedSync } from './queries/lock-sync.ts';
import { notifySchedules } from './queries/notify-schedules.ts';
import { updateScheduleOverride } from './queries/update-schedule-override.ts';
import { skipPeriod } from './skip-period.ts';
import { syncMissing, type SyncAddress } from './sync-address.ts';

/**
 * Sets the schedule of a sync for one connection, or gives it back to the code with null. Deployments leave it alone. It
 * is due at the next tick of what counts from now on.
 * @throws TenonError `not_found`; `request_invalid` for a schedule that cannot be read, or never comes due
 */
export async function setSyncSchedule(
  context: { database: Kysely<Schema>; manifests: Manifests; now(): number },
  { schedule: text, ...address }: SyncAddress & { schedule: string | null },
): Promise<void> {
  const ticks = createScheduleTicks();
  const override = text === null ? null : parseScheduleText(text, { ticks, nowMs: context.now() });
  const { environmentId, integration, sync } = address;
  await context.manifests.useActive(environmentId, async (manifest, { fresh }) => {
    if (manifest.findFunction('sync', integration, sync)) return true;
    if (!fresh) return undefined;
    throw functionMissing(manifest, { kind: 'sync', integration, name: sync });
  });
  await context.database.transaction().execute(async (transaction) => {
    const found = await lockSync(transaction, address);
    if (!found) throw syncMissing(address);
    const now = new Date(context.now());
    const schedule = override ?? found.code_schedule;
    const nextRunAt = await planNext(transaction, found, { schedule, ticks, now });
    await updateScheduleOverride(transaction, { syncId: found.id, schedule: override, nextRunAt });
    await notifySchedules(transaction);
  });
}

async function planNext(
  transaction: Kysely<Schema>,
  found: LockedSync,
  { schedule, ticks, now }: { schedule: Schedule | null; ticks: ScheduleTicks; now: Date },
): Promise<Date | null> {
  const idle = found.paused || found.waits_for !== null;
  const due = found.next_run_at;
  // In a preview no time is ever due.
  if (due && due <= now && found.waits_for !== 'preview') {
    // What is due is started, or accounted for, before the other schedule begins.
    if (!idle && schedule) return due;
    const reason =
      found.waits_for === null && !found.paused ? 'missed' : found.paused ? 'paused' : 'waits_for_reconnect';
    await skipPeriod(transaction, found, { ticks, reason, now });
  }
  if (!schedule) return null;
  const grid = { anchorMs: found.anchor_ms, offsetMs: findJitter(found.id, schedule) };
  const nextMs = ticks.next(schedule, grid, now.getTime());
  if (nextMs !== undefined) return new Date(nextMs);
  throw new TenonError('request_invalid', 'This schedule never comes due again.', {
    hint: 'Pause the sync instead.',
  });
}
