import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';

const repository = path.resolve(import.meta.dirname, '..');
const read = (file: string) => readFile(path.join(repository, file), 'utf8');

/** As `node scripts/generate-docs.mjs` writes them from the commands themselves. */
async function listCommands(): Promise<Set<string>> {
  const reference = await read('docs/cli.md');
  return new Set([...reference.matchAll(/^#+ `?tenon ([a-z]+(?: [a-z-]+)?)/gm)].map(([, name = '']) => name));
}

it('names no command in a message that does not exist', async () => {
  const commands = await listCommands();
  expect(commands.size).toBeGreaterThan(20);
  const hasParts = (command: string) => [...commands].some((name) => name.startsWith(`${command} `));
  const unknown: string[] = [];
  const folders = ['runtime', 'server', 'cli'].map((name) => path.join('packages', name, 'src'));
  const files = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(path.join(repository, folder), { recursive: true })).map((name) => path.join(folder, name)),
    ),
  );
  for (const file of files.flat()) {
    if (!file.endsWith('.ts') || /\.test\.ts$|[/\\]testing[/\\]/.test(file)) continue;
    for (const [, command = '', part] of (await read(file)).matchAll(/`tenon ([a-z]+)(?: ([a-z-]+)\b)?/g)) {
      const isKnown = commands.has(command) || hasParts(command) || command === 'help';
      // `tenon login` is a command itself, and `tenon login on <host>` the name of a key.
      const isPart =
        part === undefined || command === 'login' || !hasParts(command) || commands.has(`${command} ${part}`);
      if (!isKnown || !isPart) unknown.push(`${file}: tenon ${command} ${part ?? ''}`.trim());
    }
  }
  expect(unknown).toEqual([]);
});
