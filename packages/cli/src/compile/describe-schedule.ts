import { parseSchedule, type SyncManifest } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import { findUnknownKeys } from './find-unknown-keys.ts';
import { isObject } from './read-definition.ts';

const example =
  "Write 'every 15m', { every: '1h', phase: '5m' } or { cron: '0 6 * * 1-5', timezone: 'Europe/Berlin' }.";
const keys = { every: ['every', 'phase'], cron: ['cron', 'timezone'] };
const pace = ['jitter', 'catchUp'];

/**
 * Reads when a sync runs; null: only when it is triggered.
 * @throws TenonError `definition_invalid`
 */
export function describeSchedule(schedule: unknown): SyncManifest['schedule'] {
  if (schedule === undefined) return null;
  if (typeof schedule === 'string') return parseSchedule(schedule as Parameters<typeof parseSchedule>[0]);
  if (!isObject(schedule)) throw new TenonError('definition_invalid', 'It is no schedule.', { hint: example });
  const kind = (['every', 'cron'] as const).filter((key) => schedule[key] !== undefined);
  const [first] = kind;
  if (first === undefined || kind.length > 1 || typeof schedule[first] !== 'string') {
    throw new TenonError('definition_invalid', 'It is neither an interval nor a cron expression.', { hint: example });
  }
  const unknown = findUnknownKeys(schedule, [...keys[first], ...pace]);
  if (unknown !== undefined) throw new TenonError('definition_invalid', unknown, { hint: example });
  if (first === 'cron' && schedule['timezone'] !== undefined) requireTimezone(String(schedule['timezone']));
  const texts = Object.entries(schedule).filter(([, value]) => value !== undefined);
  const read = Object.fromEntries(texts.map(([key, value]) => [key, String(value)]));
  return parseSchedule(read as unknown as Parameters<typeof parseSchedule>[0]);
}

function requireTimezone(timezone: string): void {
  try {
    Intl.DateTimeFormat('en', { timeZone: timezone });
  } catch (error) {
    throw new TenonError('definition_invalid', `"${timezone}" is not a time zone.`, {
      hint: 'Write an IANA name such as Europe/Berlin.',
      cause: error,
    });
  }
}
