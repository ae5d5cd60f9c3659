import { TenonError } from '../errors/tenon-error.ts';

/**
 * Stands for `fs`: many libraries load it and never call it, so loading works and each call says no. (Node's permission
 * flags would refuse the call as well; this message says more.)
 */
export function createFileSystemRefusal(): object {
  const refuse = (name: string) =>
    function refused(): never {
      throw new TenonError('script_incompatible', `A script cannot call fs.${name}: it has no file system.`, {
        hint: 'Keep data in memory, in records, or fetch it from the provider.',
      });
    };
  const calls = new Map<string, () => never>();
  return new Proxy(
    {},
    {
      get(_target, name, self: unknown) {
        if (typeof name !== 'string' || name === '__esModule') return undefined;
        if (name === 'constants') return {};
        if (name === 'promises' || name === 'default') return self;
        const call = calls.get(name) ?? refuse(name);
        calls.set(name, call);
        return call;
      },
      set: () => false,
      defineProperty: () => false,
    },
  );
}
