import type { Schedule } from './next-run.ts';

const units = [
  { ms: 86_400_000, letter: 'd' },
  { ms: 3_600_000, letter: 'h' },
  { ms: 60_000, letter: 'm' },
  { ms: 1_000, letter: 's' },
] as const;

/** A schedule in words: "every 15m", or "0 6 * * 1-5 (Europe/Berlin)". */
export function describeSchedule(schedule: Schedule): string {
  if (schedule.type === 'cron') return `${schedule.expression} (${schedule.timezone})`;
  const unit = units.find(({ ms }) => schedule.everyMs % ms === 0);
  return unit ? `every ${schedule.everyMs / unit.ms}${unit.letter}` : `every ${schedule.everyMs}ms`;
}
