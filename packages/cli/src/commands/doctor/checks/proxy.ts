import type { DoctorCheck } from '../doctor-check.ts';

/** As curl and the library of this command line read them. */
const names = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY'] as const;

export const proxy: DoctorCheck = {
  name: 'proxy',
  about: 'network',
  async run({ findTarget, env: { variables } }) {
    const read = (name: string) => variables[name.toLowerCase()] ?? variables[name];
    const set = names.flatMap((name) => {
      const value = read(name);
      return value ? [{ name, value }] : [];
    });
    if (set.length === 0) return { status: 'ok', found: 'none is set' };
    const broken = set.find(({ value }) => !URL.canParse(value.includes('://') ? value : `http://${value}`));
    if (broken) {
      return {
        status: 'failed',
        found: `${broken.name} is not an address`,
        fix: `Write ${broken.name}=http://host:port, or unset it.`,
      };
    }
    const shown = set.map(({ name }) => name).join(', ');
    const target = await findTarget();
    if (target === undefined) return { status: 'ok', found: `${shown} set` };
    const host = new URL(target.url).hostname;
    const exceptions = (read('NO_PROXY') ?? '').split(',').map((part) => part.trim().replace(/^\*?\./, ''));
    const isExcepted = exceptions.some(
      (name) => name === '*' || (name !== '' && (host === name || host.endsWith(`.${name}`))),
    );
    if (isExcepted || ['localhost', '127.0.0.1', '[::1]'].includes(host)) {
      return { status: 'ok', found: `${shown} set, and not used for ${host}` };
    }
    return {
      status: 'warning',
      found: `${host} is asked through ${shown}`,
      fix: `If the server cannot be reached that way, add ${host} to NO_PROXY.`,
    };
  },
};
