import { findProxy, listProxies } from '../find-proxy.ts';
import type { DoctorCheck } from '../doctor-check.ts';

export const proxy: DoctorCheck = {
  name: 'proxy',
  about: 'network',
  async run({ findTarget, env: { variables } }) {
    const proxies = listProxies(variables);
    if (proxies.length === 0) return { status: 'ok', found: 'none is set' };
    const broken = proxies.find(({ value }) => !URL.canParse(value.includes('://') ? value : `http://${value}`));
    if (broken) {
      return {
        status: 'failed',
        found: `${broken.name} is not an address`,
        fix: `Write ${broken.name}=http://host:port, or unset it.`,
      };
    }
    const shown = proxies.map(({ name }) => name).join(', ');
    const target = await findTarget();
    if (target === undefined) return { status: 'ok', found: `${shown} set` };
    const { hostname } = new URL(target.url);
    const used = findProxy(target.url, variables);
    if (used === undefined) return { status: 'ok', found: `${shown} set, and not used for ${hostname}` };
    return {
      status: 'warning',
      found: `${hostname} is asked through ${used.name}`,
      fix: `If the server cannot be reached that way, add ${hostname} to NO_PROXY.`,
    };
  },
};
