import { describe, expect, it } from 'vitest';
import { parseSchedule, type ScheduleInput } from './schedule.ts';

describe('parseSchedule', () => {
  it('reads an interval', () => {
    expect(parseSchedule('every 15m')).toEqual({ type: 'interval', everyMs: 900_000 });
  });

  it('keeps a cron expression and its timezone', () => {
    expect(parseSchedule({ cron: '0 6 * * 1-5', timezone: 'Europe/Berlin' })).toEqual({
      type: 'cron',
      expression: '0 6 * * 1-5',
      timezone: 'Europe/Berlin',
    });
  });

  it('takes UTC for a cron expression without a timezone', () => {
    expect(parseSchedule({ cron: '* * * * *' })).toMatchObject({ timezone: 'UTC' });
  });

  it.each(['15m', 'every', 'every day', 'every15m'])('refuses "%s"', (text) => {
    expect(() => parseSchedule(text as ScheduleInput)).toThrow(expect.objectContaining({ code: 'definition_invalid' }));
  });

  it('refuses an interval below a second', () => {
    expect(() => parseSchedule('every 0s')).toThrow(/too often/);
    expect(parseSchedule('every 1s')).toEqual({ type: 'interval', everyMs: 1_000 });
  });
});
