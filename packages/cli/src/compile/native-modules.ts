import { existsSync, readFileSync } from 'node:fs';
import { join, posix, resolve } from 'node:path';
import type { Metafile, Plugin } from 'esbuild';

/** Packages whose whole purpose is to find and load a compiled addon. */
const addonLoaders = /^(node-gyp-build|node-gyp-build-optional-packages|bindings|node-pre-gyp|@mapbox\/node-pre-gyp)$/;

/** Keeps esbuild from failing on addons, so that findNativeModules can say which package brought them, and how. */
export const nativeModulePlugin: Plugin = {
  name: 'native-modules',
  setup(build) {
    build.onResolve({ filter: addonLoaders }, ({ path }) => ({ path, external: true }));
    build.onLoad({ filter: /\.node$/ }, () => ({ contents: '', loader: 'empty' }));
  },
};

export interface NativeModule {
  /** Name of the npm package, or the file when it belongs to none. */
  readonly package: string;
  /** From the script to the file that loads the addon; packages by name, files by path from the root. */
  readonly chain: readonly string[];
}

/** Finds the native addons that an entry point would load. */
export function findNativeModules(metafile: Metafile, options: { root: string; entry: string }): NativeModule[] {
  const chains = walkImports(metafile, options.entry);
  const found = new Map<string, NativeModule>();
  for (const [path, chain] of chains) {
    const input = metafile.inputs[path];
    const loadsAddon =
      path.endsWith('.node') ||
      (input?.imports.some((item) => item.external === true && addonLoaders.test(item.path)) ?? false) ||
      hasAddonSource(path, options.root);
    const name = packageOf(path) ?? path;
    if (loadsAddon && !found.has(name)) found.set(name, { package: name, chain: shortenChain(chain) });
  }
  return [...found.values()];
}

/** The shortest way from the entry to each file, breadth first. */
function walkImports(metafile: Metafile, entry: string): Map<string, string[]> {
  const chains = new Map<string, string[]>([[entry, [entry]]]);
  for (const [path, chain] of chains) {
    for (const item of metafile.inputs[path]?.imports ?? []) {
      // A Map's iteration also visits what is added while it runs: it is the queue.
      if (item.external !== true && !chains.has(item.path)) chains.set(item.path, [...chain, item.path]);
    }
  }
  return chains;
}

const packageFolder = /^(.*node_modules\/((?:@[^/]+\/)?[^/]+))\//;

function packageOf(path: string): string | undefined {
  return packageFolder.exec(path)?.[2];
}

/** Packages that load their addon by a computed path (sharp, napi-rs) are known by what they are built from. */
function hasAddonSource(path: string, root: string): boolean {
  const folder = packageFolder.exec(path)?.[1];
  if (folder === undefined) return false;
  const absolute = resolve(root, folder);
  if (existsSync(join(absolute, 'binding.gyp')) || existsSync(join(absolute, 'src', 'binding.gyp'))) return true;
  const manifest = join(absolute, 'package.json');
  return existsSync(manifest) && 'napi' in (JSON.parse(readFileSync(manifest, 'utf8')) as Record<string, unknown>);
}

/** `syncs/a.ts -> lib/b.ts -> sharp`: inside a package only its name is of interest. */
function shortenChain(chain: readonly string[]): string[] {
  const names = chain.map((path) => packageOf(path) ?? posix.normalize(path));
  return names.filter((name, index) => name !== names[index - 1]);
}
