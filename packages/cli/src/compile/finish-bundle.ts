import { createHash } from 'node:crypto';
import { posix, relative, resolve } from 'node:path';
import type { BuildResult, Metafile, OutputFile } from 'esbuild';
import { createProblemsError, type ProjectProblem } from '../project/project-problem.ts';
import { findNativeModules } from './native-modules.ts';

export interface FinishedBundle {
  readonly code: string;
  /** SHA-256 of the code in hexadecimal: the bundle's address. */
  readonly hash: string;
}

type BundleResult = BuildResult<{ write: false; metafile: true }>;

/**
 * Takes one entry's code and source map out of a build and frees both of what depends on the machine: where packages
 * are installed (npm hoists, pnpm links, workspaces share) shows in comments, wrapper names and map sources.
 * @throws TenonError `native_module`
 */
export function finishBundle(result: BundleResult, options: { root: string; source: string }): FinishedBundle {
  const { root, source } = options;
  throwNativeModules(result.metafile, { root, entry: source });
  const output = resolve(root, source.replace(/\.\w+$/, '.js'));
  const code = replacePaths(findOutput(result.outputFiles, output).text, result.metafile, output, root);
  const map = rewriteSources(findOutput(result.outputFiles, `${output}.map`).text, posix.dirname(source));
  const whole = `${code}//# sourceMappingURL=data:application/json;base64,${Buffer.from(map).toString('base64')}\n`;
  return { code: whole, hash: createHash('sha256').update(whole).digest('hex') };
}

function findOutput(files: readonly OutputFile[], path: string): OutputFile {
  const found = files.find((file) => file.path === path);
  if (!found) throw new Error(`esbuild wrote no ${path}.`);
  return found;
}

/** `../../store/node_modules/.pnpm/a@1/node_modules/a/index.js` and `node_modules/a/index.js` are the same file. */
function canonicalPath(path: string): string {
  const inPackages = path.lastIndexOf('node_modules/');
  return inPackages === -1 ? path : path.slice(inPackages);
}

function replacePaths(code: string, metafile: Metafile, output: string, root: string): string {
  const inputs = metafile.outputs[relative(root, output).replaceAll('\\', '/')]?.inputs ?? {};
  let replaced = code;
  for (const path of Object.keys(inputs)) {
    const canonical = canonicalPath(path);
    if (canonical === path) continue;
    replaced = replaced.replaceAll(`// ${path}\n`, `// ${canonical}\n`).replaceAll(`"${path}"(`, `"${canonical}"(`);
  }
  return replaced;
}

/** Makes the sources of a map paths from the project's root; esbuild writes them relative to the output file. */
function rewriteSources(text: string, folder: string): string {
  const map = JSON.parse(text) as { sources: string[] };
  map.sources = map.sources.map((path) => canonicalPath(posix.join(folder, path)));
  return JSON.stringify(map);
}

function throwNativeModules(metafile: Metafile, options: { root: string; entry: string }): void {
  const [first, ...rest] = findNativeModules(metafile, options).map((found): ProjectProblem => ({
    code: 'native_module',
    message: `The package "${found.package}" has a native addon, which cannot be bundled: ${found.chain.join(' -> ')}.`,
    hint: `Use a package in plain JavaScript or WebAssembly instead of ${found.package}.`,
    file: options.entry,
  }));
  if (first !== undefined) throw createProblemsError([first, ...rest]);
}
