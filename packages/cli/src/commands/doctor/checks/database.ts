import { TenonError } from '@tenon/runtime/errors';
import { withServer } from '../../../api-client/with-server.ts';
import type { DoctorCheck } from '../doctor-check.ts';

export const database: DoctorCheck = {
  name: 'database',
  about: 'network',
  asksServer: true,
  async run(context) {
    if ((await context.findTarget()) === undefined) return { status: 'skipped', found: 'no server to ask' };
    return withServer(context, context.flags, async (client) => {
      try {
        await client.getReady({ signal: context.signal });
        return { status: 'ok', found: 'answers the server' };
      } catch (error) {
        if (!(error instanceof TenonError) || error.code !== 'unavailable') throw error;
        return {
          status: 'failed',
          found: 'does not answer the server',
          fix: "Look at the server's log; check DATABASE_URL, the connections that are left, and the disk of Postgres.",
        };
      }
    });
  },
};
