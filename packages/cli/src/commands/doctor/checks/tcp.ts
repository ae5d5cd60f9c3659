import { connect } from 'node:net';
import { addressOf } from '../server-address.ts';
import type { DoctorCheck } from '../doctor-check.ts';
import { findProxy } from '../find-proxy.ts';

const patienceMs = 8_000;

export const tcp: DoctorCheck = {
  name: 'TCP',
  about: 'network',
  async run({ findTarget, env, signal }) {
    const target = await findTarget();
    if (target === undefined) return { status: 'skipped', found: 'no server to connect to' };
    if (findProxy(target.url, env.variables)) return { status: 'skipped', found: 'a proxy does it' };
    const address = addressOf(target.url);
    const shown = `${address.host}:${address.port}`;
    const problem = await tryConnection({ ...address, signal });
    if (problem === undefined) return { status: 'ok', found: `${shown} takes connections` };
    return {
      status: 'failed',
      found: `${shown} takes no connection (${problem})`,
      fix:
        problem === 'ECONNREFUSED'
          ? 'Start the server, or correct the port of its address.'
          : 'Check firewalls, the VPN and the port between here and the server.',
    };
  },
};

function tryConnection(to: { host: string; port: number; signal: AbortSignal }): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: to.host, port: to.port });
    const end = (problem: string | undefined) => {
      socket.destroy();
      to.signal.removeEventListener('abort', abort);
      resolve(problem);
    };
    const abort = () => end('interrupted');
    to.signal.addEventListener('abort', abort, { once: true });
    socket.setTimeout(patienceMs, () => end(`no answer within ${patienceMs / 1_000} s`));
    socket.once('connect', () => end(undefined));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
}
