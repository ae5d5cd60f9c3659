import { sql } from 'kysely';
import { healthSchema } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import { defineRoute } from '../../route/define-route.ts';

const patienceMs = 2_000;

/** For load balancers: 200 when requests can be served, 503 otherwise. */
export const getReadyRoute = defineRoute({
  method: 'GET',
  path: '/v1/ready',
  summary: 'Says whether the server and its database can serve requests.',
  tag: 'server',
  access: 'public',
  answer: { status: 200, description: 'The server and its database answer.', schema: healthSchema },
  errors: ['unavailable'],
  async handle(_request, { database, version }) {
    const { promise: late, stop } = rejectLater();
    try {
      await Promise.race([sql`select 1`.execute(database), late]);
    } catch (cause) {
      throw new TenonError('unavailable', 'The database does not answer.', { hint: 'Try again in a moment.', cause });
    } finally {
      stop();
    }
    return { status: 'ok', version };
  },
});

function rejectLater(): { promise: Promise<never>; stop: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const promise = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${patienceMs} ms.`)), patienceMs);
  });
  return { promise, stop: () => clearTimeout(timer) };
}
