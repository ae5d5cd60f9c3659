import { TenonError } from '../errors/tenon-error.ts';
import { parseDuration, type Duration } from './duration.ts';

/** When a sync runs, as scripts write it. */
export type ScheduleInput = `every ${Duration}` | { cron: string; timezone?: string };

/** When a sync runs, as the manifest says it. */
export type Schedule =
  | { readonly type: 'interval'; readonly everyMs: number }
  | { readonly type: 'cron'; readonly expression: string; readonly timezone: string };

/**
 * Normalises a schedule; the server checks cron expressions when it is given them.
 * @throws TenonError `definition_invalid`
 */
export function parseSchedule(input: ScheduleInput): Schedule {
  if (typeof input === 'object') {
    return { type: 'cron', expression: input.cron, timezone: input.timezone ?? 'UTC' };
  }
  const text = String(input);
  const every = text.startsWith('every ') ? text.slice('every '.length) : undefined;
  if (every === undefined) {
    throw new TenonError('definition_invalid', `"${text}" is not a schedule.`, {
      hint: "Write 'every 15m' or { cron: '0 6 * * 1-5', timezone: 'Europe/Berlin' }.",
    });
  }
  const everyMs = parseDuration(every);
  if (everyMs < 1_000) {
    throw new TenonError('definition_invalid', `"${text}" is too often.`, { hint: 'The shortest interval is 1s.' });
  }
  return { type: 'interval', everyMs };
}
