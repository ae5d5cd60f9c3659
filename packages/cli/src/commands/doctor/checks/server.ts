import { TenonError } from '@tenon/runtime/errors';
import { withServer } from '../../../api-client/with-server.ts';
import type { DoctorCheck } from '../doctor-check.ts';

export const server: DoctorCheck = {
  name: 'server',
  about: 'network',
  async run(context) {
    try {
      return await withServer(context, context.flags, async (client, target) => {
        const { version } = await client.getHealth({ signal: context.signal, timeoutMs: 10_000 });
        return { status: 'ok', found: `${target.url} ${version}, by ${target.urlFrom}` };
      });
    } catch (error) {
      // Without a server much can be done: scripts are written and checked.
      if (!(error instanceof TenonError) || error.code !== 'not_logged_in') throw error;
      return { status: 'warning', found: error.message, ...(error.hint !== undefined && { fix: error.hint }) };
    }
  },
};
