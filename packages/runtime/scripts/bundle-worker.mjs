// Bundles the worker process into one file, so that its permission flags need to allow reading nothing else.
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { writeLicenses } from '../../../scripts/write-licenses.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const outfile = `${root}dist/worker/child.js`;

/** Only the bare name: the core itself requires files of the package. */
const undiciCore = {
  name: 'undici-core',
  setup({ onResolve }) {
    onResolve({ filter: /^undici$/ }, () => ({ path: `${root}scripts/worker-undici.cjs` }));
  },
};

const { metafile } = await build({
  entryPoints: [`${root}src/worker/child.ts`],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  // Fewer bytes to parse at each start; names stay, for stacks and for what libraries read of them.
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'external',
  plugins: [undiciCore],
  // undici is CommonJS and requires Node's modules.
  banner: {
    js: "import { createRequire as $createRequire } from 'node:module'; const require = $createRequire(import.meta.url);",
  },
  logLevel: 'warning',
  metafile: true,
});
await writeLicenses(metafile, `${root}dist/worker/LICENSES.txt`);

console.log(`worker: ${Math.round(statSync(outfile).size / 1024)} kB`);
