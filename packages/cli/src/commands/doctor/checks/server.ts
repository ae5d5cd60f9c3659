import { TenonError } from '@tenon/runtime/errors';
import { withServer } from '../../../api-client/with-server.ts';
import type { DoctorCheck } from '../doctor-check.ts';

export const server: DoctorCheck = {
  name: 'server',
  async run(context) {
    try {
      return await withServer(context, {}, async (client, target) => {
        const whoami = await client.whoami({ signal: context.signal, timeoutMs: 10_000 });
        const found = `${target.url} ${whoami.server.version}, environment ${whoami.environment}, key ${whoami.key.name}`;
        return { status: 'ok', found };
      });
    } catch (error) {
      // Without a server much can be done: scripts are written and checked.
      if (!(error instanceof TenonError) || error.code !== 'not_logged_in') throw error;
      return { status: 'warning', found: error.message, ...(error.hint !== undefined && { fix: error.hint }) };
    }
  },
};
