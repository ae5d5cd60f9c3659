import { TenonError } from '@tenon/runtime/errors';
import { withServer } from '../../../api-client/with-server.ts';
import type { DoctorCheck } from '../doctor-check.ts';

/** Schedules, signatures and expiry times are wrong on a machine whose clock is. */
const toleratedMs = 30_000;

export const clock: DoctorCheck = {
  name: 'clock',
  async run(context) {
    const url = await findServer(context);
    if (url === undefined) return { status: 'ok', found: `${new Date().toISOString()}, with no server to compare` };
    const before = Date.now();
    // Every HTTP answer of a server with a clock has a Date (RFC 9110 section 6.6.1), whatever its status.
    const answer = await fetch(url, { signal: AbortSignal.any([context.signal, AbortSignal.timeout(10_000)]) });
    await answer.body?.cancel();
    const date = Date.parse(answer.headers.get('date') ?? '');
    if (Number.isNaN(date)) return { status: 'ok', found: 'the server does not tell its time' };
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

async function findServer(context: Parameters<DoctorCheck['run']>[0]): Promise<string | undefined> {
  try {
    return await withServer(context, {}, async (_client, target) => target.url);
  } catch (error) {
    // The check before this one has said why.
    if (error instanceof TenonError) return undefined;
    throw error;
  }
}
