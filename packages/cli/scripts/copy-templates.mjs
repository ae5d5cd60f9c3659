// Ships templates/ inside the package: what `tenon init` and `tenon add` copy from, and the providers that projects name.
import { cp, mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../../../templates', import.meta.url));
const target = fileURLToPath(new URL('../dist/templates', import.meta.url));

/** What belongs to the templates' own package and tests, and not to a user's project. */
const left = new Set(['node_modules', 'fixtures', 'dist', '.turbo', 'package.json', 'tsconfig.json']);

await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });
await cp(source, target, {
  recursive: true,
  filter: (path) =>
    path === source ||
    !(
      left.has(basename(path)) ||
      path.endsWith('.test.ts') ||
      path.endsWith('.tsbuildinfo') ||
      path === join(source, 'README.md')
    ),
});
