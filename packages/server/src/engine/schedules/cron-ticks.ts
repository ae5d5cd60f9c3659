import { Cron } from 'croner';

const dayMs = 86_400_000;
/** Some two months around a catch-up. */
const keptDays = 100;

export interface CronTicks {
  /** The first one after this Unix time in milliseconds; undefined: there is none. */
  next(afterMs: number): number | undefined;
}

/**
 * The ticks of a cron expression. Croner asks Intl what the time is several times for each of them (200 microseconds a
 * tick, measured), so where the zone's clock is not changed within a day of both ends, it is asked for the same
 * expression at a fixed offset (11 microseconds); and what was found last is remembered, because syncs of many
 * connections ask for the same. A local time that a change of the clock leaves out comes once, as much later; one that it
 * repeats comes once.
 * @throws Error when croner cannot read the expression or the time zone
 */
export function createCronTicks(expression: string, timezone: string): CronTicks {
  const exact = new Cron(expression, { timezone, paused: true });
  const clock = new Intl.DateTimeFormat('en-US', { timeZone: timezone, timeZoneName: 'longOffset' });
  const fixed = new Map<number, Cron>();
  const days = new Map<number, number | undefined>();
  let last: { fromMs: number; nextMs: number | undefined } | undefined;

  /** Minutes from UTC on a day, if they are the same on the days before and after it. */
  function steadyOffset(ms: number): number | undefined {
    const day = Math.floor(ms / dayMs);
    if (days.has(day)) return days.get(day);
    const [offset, ...others] = [day - 1, day, day + 1, day + 2].map((one) => readOffset(clock, one * dayMs));
    const steady = others.every((one) => one === offset) ? offset : undefined;
    if (days.size >= keptDays) days.clear();
    days.set(day, steady);
    return steady;
  }

  function find(afterMs: number): number | undefined {
    const offset = steadyOffset(afterMs);
    if (offset !== undefined) {
      const cron = fixed.get(offset) ?? new Cron(expression, { utcOffset: offset, paused: true });
      fixed.set(offset, cron);
      const found = cron.nextRun(new Date(afterMs))?.getTime();
      if (found === undefined || steadyOffset(found) === offset) return found;
    }
    return exact.nextRun(new Date(afterMs))?.getTime();
  }

  return {
    next(afterMs) {
      if (last && last.fromMs <= afterMs && (last.nextMs === undefined || afterMs < last.nextMs)) return last.nextMs;
      last = { fromMs: afterMs, nextMs: find(afterMs) };
      return last.nextMs;
    },
  };
}

/** Undefined for offsets with seconds, such as those of the 19th century. */
function readOffset(clock: Intl.DateTimeFormat, ms: number): number | undefined {
  const text = clock.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [whole, sign, hours = '0', minutes = '0'] = /^GMT(?:([+-])(\d\d):(\d\d))?$/.exec(text) ?? [];
  if (whole === undefined) return undefined;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}
