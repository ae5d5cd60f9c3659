import { Cron } from 'croner';
import type { SyncManifest } from '@tenon/runtime/contract';

export type Schedule = NonNullable<SyncManifest['schedule']>;

/**
 * When a schedule is due next, strictly after `now`. An interval keeps its phase: it counts on from `due`, however late
 * it is looked at, so that what was missed meanwhile is made up for by one run.
 * @param due when it was due; any earlier tick will do
 * @returns undefined when a cron expression never comes due again
 * @throws Error when croner cannot read the expression or the time zone
 */
export function findNextRun(schedule: Schedule, { due, now }: { due: Date; now: Date }): Date | undefined {
  if (schedule.type === 'cron') {
    return new Cron(schedule.expression, { timezone: schedule.timezone, paused: true }).nextRun(now) ?? undefined;
  }
  const passedMs = now.getTime() - due.getTime();
  const ticks = passedMs < 0 ? 0 : Math.floor(passedMs / schedule.everyMs) + 1;
  return new Date(due.getTime() + ticks * schedule.everyMs);
}
