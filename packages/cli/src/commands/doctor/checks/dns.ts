import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { DoctorCheck } from '../doctor-check.ts';
import { findProxy } from '../find-proxy.ts';

export const dns: DoctorCheck = {
  name: 'DNS',
  about: 'network',
  async run({ findTarget, env }) {
    const target = await findTarget();
    if (target === undefined) return { status: 'skipped', found: 'no server to look for' };
    if (findProxy(target.url, env.variables)) return { status: 'skipped', found: 'a proxy does it' };
    const host = new URL(target.url).hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0) return { status: 'ok', found: `${host} is an address` };
    try {
      const found = await lookup(host, { all: true });
      return { status: 'ok', found: `${host} is ${found.map(({ address }) => address).join(', ')}` };
    } catch (error) {
      const { code = 'an error' } = error as NodeJS.ErrnoException;
      return {
        status: 'failed',
        found: `${host} is not found (${code})`,
        fix: `Correct the address (it is from ${target.urlFrom}), or connect to the network or VPN that knows the name.`,
      };
    }
  },
};
