import { createServer } from 'node:net';
import { readLocalServer } from '../../../api-client/local-server.ts';
import type { DoctorCheck } from '../doctor-check.ts';

/** Where `tenon dev` and `tenon server start` listen unless they are told otherwise. */
const defaultPort = 4600;

export const port: DoctorCheck = {
  name: 'port',
  about: 'machine',
  async run({ root, env }) {
    const wanted = Number(env.variables['TENON_PORT'] ?? defaultPort);
    if (!Number.isInteger(wanted) || wanted < 0 || wanted > 65_535) {
      return { status: 'failed', found: 'TENON_PORT is not a port', fix: 'Write a number of 0 to 65535, or unset it.' };
    }
    if (wanted === 0) return { status: 'ok', found: 'a free one is taken (TENON_PORT is 0)' };
    const local = root === undefined ? undefined : await readLocalServer(root);
    if (local?.isAlive === true && new URL(local.url).port === String(wanted)) {
      return { status: 'ok', found: `${wanted}, used by this project's server (process ${local.pid})` };
    }
    if (await isFree(wanted)) return { status: 'ok', found: `${wanted} is free` };
    return {
      status: 'warning',
      found: `${wanted} is in use by another program`,
      fix: `Stop it, or set TENON_PORT to another port before \`tenon dev\`.`,
    };
  },
};

function isFree(wanted: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port: wanted, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
