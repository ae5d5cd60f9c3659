// Ships templates/ inside the package: what `tenon init` and `tenon add` copy from, and the providers that projects name.
import { existsSync } from 'node:fs';
import { cp, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../../../templates', import.meta.url));
const target = fileURLToPath(new URL('../dist/templates', import.meta.url));

/** Fixtures and tests prove the templates here; a user's project does without them. */
const isShipped = (path) => basename(path) !== 'fixtures' && !path.endsWith('.test.ts');

await rm(target, { recursive: true, force: true });
for (const name of await readdir(source)) {
  if (!existsSync(join(source, name, 'provider.yaml'))) continue;
  await cp(join(source, name), join(target, name), { recursive: true, filter: isShipped });
}
