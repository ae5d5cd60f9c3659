import { TenonError } from '@tenon/runtime/errors';
import { parseSchedule } from '@tenon/runtime/contract';
import type { Schedule, ScheduleTicks } from './next-run.ts';

const hint = 'Write "every 1h", "cron 0 6 * * 1-5" or "cron 0 6 * * 1-5 Europe/Berlin".';

/**
 * Reads a schedule as somebody types it.
 * @throws TenonError `request_invalid` for one that cannot be read, or never comes due
 */
export function parseScheduleText(text: string, { ticks, nowMs }: { ticks: ScheduleTicks; nowMs: number }): Schedule {
  try {
    const schedule = readText(text.trim().replaceAll(/\s+/g, ' '));
    if (ticks.next(schedule, { anchorMs: nowMs, offsetMs: 0 }, nowMs) !== undefined) return schedule;
  } catch (cause) {
    throw new TenonError('request_invalid', `"${text}" is not a schedule.`, { hint, cause });
  }
  throw new TenonError('request_invalid', `"${text}" never comes due.`, { hint });
}

function readText(text: string): Schedule {
  if (!text.startsWith('cron ')) return parseSchedule(text as `every ${string}` as Parameters<typeof parseSchedule>[0]);
  const words = text.slice('cron '.length).split(' ');
  // Five fields, six with seconds; what follows them is a time zone, which has no digit, star or list at its beginning.
  const last = words.at(-1) ?? '';
  const hasZone = words.length > 5 && (last === 'UTC' || (last.includes('/') && /^[A-Z]/.test(last)));
  const expression = (hasZone ? words.slice(0, -1) : words).join(' ');
  return parseSchedule({ cron: expression, ...(hasZone && { timezone: last }) });
}
