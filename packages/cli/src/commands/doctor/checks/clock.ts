import type { DoctorCheck } from '../doctor-check.ts';

/** Schedules, signatures and expiry times are wrong on a machine whose clock is. */
const toleratedMs = 30_000;

export const clock: DoctorCheck = {
  name: 'clock',
  about: 'machine',
  async run({ findTarget, signal }) {
    const target = await findTarget();
    if (target === undefined) return { status: 'ok', found: `${new Date().toISOString()}, with no server to compare` };
    const before = Date.now();
    const date = await readServerTime(target.url, signal);
    if (date === undefined) {
      return { status: 'ok', found: `${new Date().toISOString()}; the server does not tell its own` };
    }
    // The header has whole seconds; the answer was made some time between the two readings.
    const offMs = Math.abs(date + 500 - (before + Date.now()) / 2);
    if (offMs <= toleratedMs) return { status: 'ok', found: 'agrees with the server' };
    return {
      status: 'failed',
      found: `${Math.round(offMs / 1_000)} s away from the server's`,
      fix: 'Set the clock of this machine or of the server by NTP.',
    };
  },
};

/** Every HTTP answer of a server with a clock has a Date (RFC 9110 section 6.6.1), whatever its status. */
async function readServerTime(url: string, signal: AbortSignal): Promise<number | undefined> {
  try {
    const answer = await fetch(url, { signal });
    await answer.body?.cancel();
    const date = Date.parse(answer.headers.get('date') ?? '');
    return Number.isNaN(date) ? undefined : date;
  } catch {
    // That it does not answer is said by the check of the server.
    return undefined;
  }
}
