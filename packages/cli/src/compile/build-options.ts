import type { BuildOptions, Plugin } from 'esbuild';
import { nativeModulePlugin } from './native-modules.ts';

/**
 * The address that `import.meta.url` reads as: scripts run from memory, but some packages pass it to createRequire,
 * which wants a file URL.
 */
const importMetaUrl = 'file:///tenon-script.cjs';

/** What the server supplies to every script, so that no bundle carries its own copy. */
const suppliedPlugin: Plugin = {
  name: 'supplied-by-the-server',
  setup(build) {
    build.onResolve({ filter: /^(@tenon\/runtime|zod|zod\/v4)$/ }, ({ path }) => ({
      // zod/v4 is zod 4's own alias of its root.
      path: path === 'zod/v4' ? 'zod' : path,
      external: true,
    }));
  },
};

/**
 * How everything that a user wrote is bundled, its config included. The output must not depend on the machine or on
 * the folder that the project lies in, because its hash is its address.
 */
export function createBuildOptions(root: string) {
  return {
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    format: 'cjs',
    platform: 'node',
    // The oldest Node that the server runs on.
    target: 'node20',
    charset: 'utf8',
    legalComments: 'none',
    // As files of their own, because paths in them are rewritten before they are inlined.
    sourcemap: 'external',
    sourcesContent: false,
    outdir: root,
    outbase: root,
    logLevel: 'silent',
    define: { 'import.meta.url': JSON.stringify(importMetaUrl) },
    plugins: [suppliedPlugin, nativeModulePlugin],
  } satisfies BuildOptions;
}
