import { expect, test } from 'vitest';
import { createScheduleTicks } from './next-run.ts';
import { parseScheduleText } from './parse-schedule-text.ts';

const parse = (text: string) => parseScheduleText(text, { ticks: createScheduleTicks(), nowMs: 0 });

test.each([
  ['every 1h', { type: 'interval', everyMs: 3_600_000 }],
  ['  every 15m ', { type: 'interval', everyMs: 900_000 }],
  ['cron 0 6 * * 1-5', { type: 'cron', expression: '0 6 * * 1-5', timezone: 'UTC' }],
  ['cron 0 6 * * 1-5 Europe/Berlin', { type: 'cron', expression: '0 6 * * 1-5', timezone: 'Europe/Berlin' }],
  ['cron */10 0 6 * * MON', { type: 'cron', expression: '*/10 0 6 * * MON', timezone: 'UTC' }],
  ['cron 0 0 6 * * * UTC', { type: 'cron', expression: '0 0 6 * * *', timezone: 'UTC' }],
  [
    'cron 0  6 * *  1 America/Argentina/Buenos_Aires',
    { expression: '0 6 * * 1', timezone: 'America/Argentina/Buenos_Aires' },
  ],
])('reads %j', (text, expected) => {
  expect(parse(text)).toMatchObject(expected);
});
