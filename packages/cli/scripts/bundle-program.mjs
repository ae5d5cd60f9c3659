// Bundles the command line with what it imports: each start then reads a handful of files instead of hundreds. The parts
// that only some commands need stay files of their own, which they load. What is large, native or found by its place
// stays a dependency.
import { readdir, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { writeLicenses } from '../../../scripts/write-licenses.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const outdir = `${root}dist/program`;

/**
 * By require, for which Node does not first look through nine megabytes for the names of what they export, as it does for
 * every import of a CommonJS module.
 */
const requireTsMorph = {
  name: 'require-ts-morph',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^ts-morph$/ }, ({ kind }) =>
      kind === 'require-call' ? { external: true } : { path: 'ts-morph', namespace: 'by-require' },
    );
    const names = Object.keys(createRequire(import.meta.url)('ts-morph'));
    const contents = `const all = require('ts-morph');\n${names.map((name) => `export const ${name} = all.${name};`).join('\n')}`;
    onLoad({ filter: /.*/, namespace: 'by-require' }, () => ({ contents }));
  },
};

await rm(`${root}dist`, { recursive: true, force: true });
const { metafile } = await build({
  // Side by side, and as deep as the folders of src: paths that are found from a file's own place are right in both.
  entryPoints: {
    bin: `${root}src/bin.ts`,
    'lint-worker': `${root}src/lint/lint-worker.ts`,
    'replay-worker': `${root}src/replay/replay-worker.ts`,
  },
  outdir,
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  // Fewer bytes to parse at each start; names stay, for stacks.
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'external',
  external: ['esbuild', 'typescript', '@napi-rs/keyring', '@tenon/server'],
  plugins: [requireTsMorph],
  // Some of what is bundled is CommonJS and requires Node's modules.
  banner: {
    js: "import { createRequire as $createRequire } from 'node:module'; const require = $createRequire(import.meta.url);",
  },
  logLevel: 'warning',
  metafile: true,
});
await writeLicenses(metafile, `${outdir}/LICENSES.txt`);

const sizes = await Promise.all((await readdir(outdir)).map(async (file) => (await stat(`${outdir}/${file}`)).size));
console.log(`program: ${Math.round(sizes.reduce((sum, size) => sum + size, 0) / 1024)} kB in ${sizes.length} files`);
