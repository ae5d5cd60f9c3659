import { TenonError } from '../errors/tenon-error.ts';
import { parseDuration, type Duration } from './duration.ts';

export interface ScheduleOptions {
  /**
   * Spreads the connections: each runs later than its schedule says by its own part of this, always the same.
   * Default 0s.
   */
  jitter?: Duration;
  /**
   * How late a run may still be started that was missed, because the server was down: one run then makes up for all
   * that were missed within it. Default: any time; `0s`: never.
   */
  catchUp?: Duration;
}

/** When a sync runs, as scripts write it. */
export type ScheduleInput =
  | `every ${Duration}`
  | ({
      every: Duration;
      /**
       * Counts from midnight UTC of 1 January 1970, shifted by this: `{ every: '1h', phase: '5m' }` is due at five past.
       * Default: counts from when the connection was made.
       */
      phase?: Duration;
    } & ScheduleOptions)
  | ({ cron: string; timezone?: string } & ScheduleOptions);

interface Pace {
  /** Milliseconds; absent: 0. */
  readonly jitterMs?: number | undefined;
  /** Milliseconds; absent: whatever was missed is made up for. */
  readonly catchUpMs?: number | undefined;
}

/** When a sync runs, as the manifest says it. */
export type Schedule =
  | ({ readonly type: 'interval'; readonly everyMs: number; readonly phaseMs?: number | undefined } & Pace)
  | ({ readonly type: 'cron'; readonly expression: string; readonly timezone: string } & Pace);

/**
 * Normalises a schedule; the server checks cron expressions when it is given them.
 * @throws TenonError `definition_invalid`
 */
export function parseSchedule(input: ScheduleInput): Schedule {
  if (typeof input === 'string') return parseInterval(readEvery(input));
  const pace = {
    ...(input.jitter !== undefined && { jitterMs: parseDuration(input.jitter) }),
    ...(input.catchUp !== undefined && { catchUpMs: parseDuration(input.catchUp) }),
  };
  if ('cron' in input) {
    return { type: 'cron', expression: input.cron, timezone: input.timezone ?? 'UTC', ...pace };
  }
  const phase = input.phase === undefined ? {} : { phaseMs: parseDuration(input.phase) };
  return { ...parseInterval(String(input.every)), ...phase, ...pace };
}

function readEvery(text: string): string {
  if (text.startsWith('every ')) return text.slice('every '.length);
  throw new TenonError('definition_invalid', `"${text}" is not a schedule.`, {
    hint: "Write 'every 15m' or { cron: '0 6 * * 1-5', timezone: 'Europe/Berlin' }.",
  });
}

function parseInterval(every: string): { type: 'interval'; everyMs: number } {
  const everyMs = parseDuration(every);
  if (everyMs < 1_000) {
    throw new TenonError('definition_invalid', `"every ${every}" is too often.`, {
      hint: 'The shortest interval is 1s.',
    });
  }
  return { type: 'interval', everyMs };
}
