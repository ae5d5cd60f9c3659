import { expect, test } from 'vitest';
import { describeSchedule } from './describe-schedule.ts';
import { findNextRun, type Schedule } from './next-run.ts';

const everyQuarter: Schedule = { type: 'interval', everyMs: 900_000 };
const at = (text: string) => new Date(`2026-03-28T${text}Z`);

test('an interval is due one interval later', () => {
  expect(findNextRun(everyQuarter, { due: at('10:00:07'), now: at('10:00:08') })).toEqual(at('10:15:07'));
});

test('an interval keeps its phase through a downtime, and its next time lies ahead', () => {
  expect(findNextRun(everyQuarter, { due: at('10:00:07'), now: at('14:22:00') })).toEqual(at('14:30:07'));
  expect(findNextRun(everyQuarter, { due: at('10:00:07'), now: at('10:15:07') })).toEqual(at('10:30:07'));
});

test('an interval that is not due yet stays as it is', () => {
  expect(findNextRun(everyQuarter, { due: at('10:00:00'), now: at('09:00:00') })).toEqual(at('10:00:00'));
});

test('a cron expression is read in its time zone, across the change to summer time', () => {
  const schedule: Schedule = { type: 'cron', expression: '0 6 * * *', timezone: 'Europe/Berlin' };
  expect(findNextRun(schedule, { due: at('05:00:00'), now: at('05:00:00') })).toEqual(new Date('2026-03-29T04:00:00Z'));
});

test('a cron expression that never comes due has no next time', () => {
  const schedule: Schedule = { type: 'cron', expression: '0 0 30 2 *', timezone: 'UTC' };
  expect(findNextRun(schedule, { due: at('05:00:00'), now: at('05:00:00') })).toBeUndefined();
});

test.each([
  [{ type: 'interval', everyMs: 900_000 }, 'every 15m'],
  [{ type: 'interval', everyMs: 3_600_000 }, 'every 1h'],
  [{ type: 'interval', everyMs: 172_800_000 }, 'every 2d'],
  [{ type: 'interval', everyMs: 90_000 }, 'every 90s'],
  [{ type: 'interval', everyMs: 1_500 }, 'every 1500ms'],
  [{ type: 'cron', expression: '0 6 * * 1-5', timezone: 'Europe/Berlin' }, '0 6 * * 1-5 (Europe/Berlin)'],
] satisfies Array<[Schedule, string]>)('%j reads as %s', (schedule, words) => {
  expect(describeSchedule(schedule)).toBe(words);
});
