import { createHash } from 'node:crypto';
import { posix, relative, resolve } from 'node:path';
import type { BuildResult, Metafile, OutputFile } from 'esbuild';
import { createProblemsError, type ProjectProblem } from '../project/project-problem.ts';
import { findNativeModules } from './native-modules.ts';
import { shiftMappingColumns } from './shift-mapping-columns.ts';

export interface FinishedBundle {
  readonly code: string;
  /** SHA-256 of the code in hexadecimal: the bundle's address. */
  readonly hash: string;
  /** The project's own files that it was made from, with forward slashes, from the root. */
  readonly sources: readonly string[];
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
  const inputs = Object.keys(result.metafile.outputs[relative(root, output).replaceAll('\\', '/')]?.inputs ?? {});
  const { code, map } = freeFromPlaces(
    { code: findOutput(result.outputFiles, output).text, map: findOutput(result.outputFiles, `${output}.map`).text },
    { source, inputs },
  );
  const whole = `${code}//# sourceMappingURL=data:application/json;base64,${Buffer.from(map).toString('base64')}\n`;
  return {
    code: whole,
    hash: createHash('sha256').update(whole).digest('hex'),
    sources: inputs.filter((path) => !path.includes('node_modules/')),
  };
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

/**
 * Rewrites the paths of packages in comments and in the names of CommonJS wrappers (`"path"(exports) {`), and makes
 * the map's sources paths from the project's root, where esbuild writes them relative to the output file.
 */
function freeFromPlaces(
  output: { code: string; map: string },
  { source, inputs }: { source: string; inputs: readonly string[] },
): { code: string; map: string } {
  const map = JSON.parse(output.map) as { sources: string[]; mappings: string };
  map.sources = map.sources.map((path) => canonicalPath(posix.join(posix.dirname(source), path)));
  const moved = inputs.filter((path) => canonicalPath(path) !== path);
  if (moved.length === 0) return { code: output.code, map: JSON.stringify(map) };

  const names = new Map(moved.map((path) => [JSON.stringify(path), JSON.stringify(canonicalPath(path))]));
  const comments = new Map(moved.map((path) => [`// ${path}`, `// ${canonicalPath(path)}`]));
  const mappings = map.mappings.split(';');
  const lines = output.code.split('\n').map((line, index) => {
    const name = /^\s*(".*?")\(/.exec(line)?.[1];
    const shorter = name === undefined ? undefined : names.get(name);
    if (name === undefined || shorter === undefined) return comments.get(line.trimStart()) ?? line;
    // What follows the name on its line has moved with it.
    const from = line.indexOf(name) + name.length;
    mappings[index] = shiftMappingColumns(mappings[index] ?? '', { from, by: shorter.length - name.length });
    return line.replace(name, shorter);
  });
  map.mappings = mappings.join(';');
  return { code: lines.join('\n'), map: JSON.stringify(map) };
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
