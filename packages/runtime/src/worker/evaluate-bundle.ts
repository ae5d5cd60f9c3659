import vm from 'node:vm';
import type { StartRun } from '../execute/worker-protocol.ts';
import { TenonError } from '../errors/tenon-error.ts';
import { createStackMapper, splitBundle } from './map-stack.ts';

/** What a script's code sees under these names instead of the process' own. */
export interface ScriptScope {
  readonly require: (specifier: string) => unknown;
  readonly process: object;
  readonly console: Console;
  readonly setTimeout: unknown;
  readonly setInterval: unknown;
  readonly setImmediate: unknown;
}

export interface Bundle {
  /** Evaluates the code anew: no state of an earlier run is left in it. Returns what it exports. */
  evaluate(scope: ScriptScope): Record<string, unknown>;
  readonly mapStack: (stack: string) => string | undefined;
}

const scopeNames = ['process', 'console', 'setTimeout', 'setInterval', 'setImmediate'] as const;
// Two functions, because the code may declare one of the scope's names itself.
const prologue = `(function (${scopeNames.join(', ')}) { return function (exports, require, module) {\n`;
const epilogue = '\n}; })';

type Wrapper = (...scope: unknown[]) => (exports: unknown, require: unknown, module: { exports: unknown }) => void;

/** Compiles each bundle once. The server recycles a worker before too many gather. */
export function createBundleCache(): { get(bundle: StartRun['bundle']): Bundle } {
  const bundles = new Map<string, Bundle>();
  return {
    get({ hash, code }) {
      const known = bundles.get(hash);
      if (known) return known;
      if (code === undefined) throw new TenonError('internal', `The worker was not given the bundle ${hash}.`);
      const bundle = compileBundle(hash, code);
      bundles.set(hash, bundle);
      return bundle;
    },
  };
}

function compileBundle(hash: string, text: string): Bundle {
  const filename = `tenon-bundle-${hash}.js`;
  const { code, map } = splitBundle(text);
  // Without importModuleDynamically, import() of anything is refused by Node itself.
  const script = new vm.Script(prologue + code + epilogue, { filename, lineOffset: -1 });
  return {
    mapStack: createStackMapper(filename, map),
    evaluate(scope) {
      const module: { exports: Record<string, unknown> } = { exports: {} };
      const wrapper = script.runInThisContext() as Wrapper;
      const values = scopeNames.map((name) => scope[name]);
      Reflect.apply(wrapper(...values), module.exports, [module.exports, scope.require, module]);
      return module.exports;
    },
  };
}
