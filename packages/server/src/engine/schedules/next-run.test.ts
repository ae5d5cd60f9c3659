import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeSchedule } from './describe-schedule.ts';
import { findJitter } from './find-jitter.ts';
import { createScheduleTicks, type Schedule } from './next-run.ts';

const everyQuarter: Schedule = { type: 'interval', everyMs: 900_000 };
const at = (text: string) => Date.parse(`2026-03-28T${text}Z`);
const made = { anchorMs: at('10:00:07'), offsetMs: 0 };

function ticksOf(
  schedule: Schedule,
  { after, count, offsetMs = 0 }: { after: string; count: number; offsetMs?: number },
) {
  const ticks = createScheduleTicks();
  const found: string[] = [];
  let last: number | undefined = Date.parse(after);
  while (last !== undefined && found.length < count) {
    last = ticks.next(schedule, { anchorMs: 0, offsetMs }, last);
    if (last !== undefined) found.push(new Date(last).toISOString());
  }
  return found;
}

const cron = (expression: string, timezone: string): Schedule => ({ type: 'cron', expression, timezone });

test('an interval counts from when its connection was made', () => {
  const ticks = createScheduleTicks();
  expect(ticks.next(everyQuarter, made, at('10:00:08'))).toBe(at('10:15:07'));
  expect(ticks.next(everyQuarter, made, at('10:15:07'))).toBe(at('10:30:07'));
  expect(ticks.next(everyQuarter, made, at('14:22:00'))).toBe(at('14:30:07'));
});

test('an interval with a phase counts from midnight UTC of 1970, shifted by it', () => {
  const schedule: Schedule = { type: 'interval', everyMs: 3_600_000, phaseMs: 300_000 };
  expect(createScheduleTicks().next(schedule, made, at('10:00:08'))).toBe(at('10:05:00'));
});

test('intervals and their counts agree, tick by tick', () => {
  const schedules = fc.record({
    everyMs: fc.integer({ min: 1_000, max: 5_000_000 }),
    phaseMs: fc.option(fc.integer({ min: 0, max: 10_000_000 }), { nil: undefined }),
  });
  const places = fc.record({ anchorMs: fc.integer({ min: 0, max: 2e12 }), offsetMs: fc.nat(1e7) });
  fc.assert(
    fc.property(
      schedules,
      places,
      fc.integer({ min: 1e12, max: 2e12 }),
      fc.nat(40),
      (interval, grid, afterMs, more) => {
        const ticks = createScheduleTicks();
        const schedule: Schedule = { type: 'interval', ...interval };
        const untilMs = afterMs + more * interval.everyMs;
        const found: number[] = [];
        for (let last = ticks.next(schedule, grid, afterMs); last !== undefined && last <= untilMs;) {
          found.push(last);
          last = ticks.next(schedule, grid, last);
        }
        expect(found).toHaveLength(more);
        for (const one of found) {
          expect(one).toBeGreaterThan(afterMs);
          expect((one - grid.offsetMs - (interval.phaseMs ?? grid.anchorMs)) % interval.everyMs).toBeCloseTo(0);
        }
        const counted = ticks.count(schedule, grid, { afterMs, untilMs, limit: 1 });
        expect(counted).toEqual({ count: more, firstMs: found[0], lastMs: found.at(-1), more: false });
      },
    ),
  );
});

test.each([
  // 02:30 does not exist on the 29th: it is 03:30 then.
  ['30 2 * * *', 'Europe/Berlin', '2026-03-27T12:00:00Z', ['2026-03-28T01:30', '2026-03-29T01:30', '2026-03-30T00:30']],
  // 02:30 comes twice on the 25th.
  ['30 2 * * *', 'Europe/Berlin', '2026-10-23T12:00:00Z', ['2026-10-24T00:30', '2026-10-25T00:30', '2026-10-26T01:30']],
  [
    '30 2 * * *',
    'America/New_York',
    '2026-03-07T00:00:00Z',
    ['2026-03-07T07:30', '2026-03-08T07:30', '2026-03-09T06:30'],
  ],
  [
    '30 1 * * *',
    'America/New_York',
    '2026-10-31T00:00:00Z',
    ['2026-10-31T05:30', '2026-11-01T05:30', '2026-11-02T06:30'],
  ],
  // Lord Howe's clock is changed by half an hour.
  [
    '15 2 * * *',
    'Australia/Lord_Howe',
    '2026-10-02T00:00:00Z',
    ['2026-10-02T15:45', '2026-10-03T15:45', '2026-10-04T15:15'],
  ],
  [
    '45 1 * * *',
    'Australia/Lord_Howe',
    '2026-04-03T00:00:00Z',
    ['2026-04-03T14:45', '2026-04-04T15:15', '2026-04-05T15:15'],
  ],
  ['0 0 29 2 *', 'UTC', '2026-01-01T00:00:00Z', ['2028-02-29T00:00', '2032-02-29T00:00', '2036-02-29T00:00']],
])('%s in %s is due once on each of its days, when clocks are changed too', (expression, timezone, after, expected) => {
  const found = ticksOf(cron(expression, timezone), { after, count: expected.length });
  expect(found).toEqual(expected.map((text) => `${text}:00.000Z`));
});

test('a daily time comes once a day through all changes of the clock, in every zone', () => {
  const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC');
  const minutes = fc.nat(24 * 60 - 1);
  fc.assert(
    fc.property(zones, minutes, fc.integer({ min: 2020, max: 2032 }), (timezone, minute, year) => {
      const schedule = cron(`${minute % 60} ${Math.floor(minute / 60)} * * *`, timezone);
      const found = ticksOf(schedule, { after: `${year}-01-01T12:00:00Z`, count: 366 });
      const day = new Intl.DateTimeFormat('en-CA', { timeZone: timezone, dateStyle: 'short' });
      const days = found.map((text) => day.format(new Date(text)));
      expect(new Set(days).size).toBe(366);
      const span = Date.parse(`${days.at(-1)}T00:00Z`) - Date.parse(`${days[0]}T00:00Z`);
      expect(span).toBe(365 * 86_400_000);
    }),
    { numRuns: 25 },
  );
});

test('a cron expression that never comes due has no next time', () => {
  expect(ticksOf(cron('0 0 30 2 *', 'UTC'), { after: '2026-01-01T00:00:00Z', count: 1 })).toEqual([]);
});

test('a cron expression, or a zone, that cannot be read is refused', () => {
  expect(() => ticksOf(cron('nonsense', 'UTC'), { after: '2026-01-01T00:00:00Z', count: 1 })).toThrow();
  expect(() => ticksOf(cron('0 0 * * *', 'Europe/Atlantis'), { after: '2026-01-01T00:00:00Z', count: 1 })).toThrow();
});

test('many ticks of a cron expression are counted up to the limit', () => {
  const range = { afterMs: at('10:00:00'), untilMs: at('11:00:00') };
  const ticks = createScheduleTicks();
  const grid = { anchorMs: 0, offsetMs: 0 };
  const minutely = cron('* * * * *', 'Europe/Berlin');
  expect(ticks.count(minutely, grid, { ...range, limit: 100 })).toEqual({
    count: 60,
    firstMs: at('10:01:00'),
    lastMs: at('11:00:00'),
    more: false,
  });
  expect(ticks.count(minutely, grid, { ...range, limit: 10 })).toMatchObject({ lastMs: at('10:10:00'), more: true });
});

test('jitter is the same for a sync for ever, less than declared, and spreads consecutive syncs evenly', () => {
  const offsets = Array.from({ length: 1_000 }, (_one, id) => findJitter(id + 1, { jitterMs: 60_000 }));
  expect(offsets.every((one) => one >= 0 && one < 60_000)).toBe(true);
  expect(findJitter('17', { jitterMs: 60_000 })).toBe(offsets[16]);
  expect(findJitter(17, {})).toBe(0);
  for (let second = 0; second < 60; second++) {
    const inIt = offsets.filter((one) => Math.floor(one / 1_000) === second).length;
    expect(inIt).toBeGreaterThan(10);
    expect(inIt).toBeLessThan(24);
  }
});

test('jitter is added to every tick', () => {
  const found = ticksOf(cron('0 * * * *', 'UTC'), { after: '2026-01-01T00:00:20Z', count: 2, offsetMs: 30_000 });
  expect(found).toEqual(['2026-01-01T00:00:30.000Z', '2026-01-01T01:00:30.000Z']);
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
