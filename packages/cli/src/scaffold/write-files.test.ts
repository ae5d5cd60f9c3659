import { mkdtemp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { planFiles, type FileChange } from './plan-files.ts';
import { writeFiles } from './write-files.ts';

const signal = new AbortController().signal;

async function createFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tenon-scaffold-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function listFiles(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).sort();
}

const changes: FileChange[] = [
  { path: 'a.txt', text: 'a', before: undefined },
  { path: 'deep/er/b.txt', text: 'b', before: undefined },
];

test('a new folder appears with all its files, and undoing removes what it brought', async () => {
  const folder = await createFolder();
  const written = await writeFiles(join(folder, 'x/project'), { changes, signal });
  expect(await listFiles(join(folder, 'x/project'))).toEqual(['a.txt', 'deep', 'deep/er', 'deep/er/b.txt']);
  await written.undo();
  expect(await listFiles(folder)).toEqual([]);
});

test('in a folder that exists, undoing brings back what was there', async () => {
  const folder = await createFolder();
  await writeFile(join(folder, 'a.txt'), 'old');
  const replacing = [{ path: 'a.txt', text: 'new', before: 'old' }, ...changes.slice(1)];
  const written = await writeFiles(folder, { changes: replacing, signal });
  expect(await readFile(join(folder, 'a.txt'), 'utf8')).toBe('new');
  await written.undo();
  expect(await readFile(join(folder, 'a.txt'), 'utf8')).toBe('old');
  expect(await listFiles(folder)).toEqual(['a.txt']);
});

/** A signal that is aborted once it has been looked at a number of times: an interruption at any chosen point. */
function abortAtLook(looks: number): AbortSignal {
  const controller = new AbortController();
  let left = looks;
  return new Proxy(controller.signal, {
    get(target, property) {
      if (property === 'throwIfAborted') {
        left -= 1;
        if (left < 0) controller.abort(new Error('interrupted'));
      }
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

test.each([0, 1, 2, 3, 4])('interrupted at point %i, nothing of it is left', async (looks) => {
  const folder = await createFolder();
  await writeFile(join(folder, 'yours.txt'), 'yours');
  const options = { changes, signal: abortAtLook(looks) };
  await expect(writeFiles(folder, options)).rejects.toThrow('interrupted');
  expect(await listFiles(folder)).toEqual(['yours.txt']);
});

test('a file that cannot be moved into place takes back those before it', async () => {
  const folder = await createFolder();
  await mkdir(join(folder, 'deep/er/b.txt'), { recursive: true });
  await expect(writeFiles(folder, { changes, signal })).rejects.toThrow();
  expect(await listFiles(folder)).toEqual(['deep', 'deep/er', 'deep/er/b.txt']);
});

test('files that are there already are no change', async () => {
  const folder = await createFolder();
  await writeFile(join(folder, 'a.txt'), 'a');
  expect(await planFiles(folder, [{ path: 'a.txt', text: 'a' }])).toEqual({ changes: [], kept: [] });
});

test('every file in the way is listed', async () => {
  const folder = await createFolder();
  await writeFile(join(folder, 'a.txt'), 'mine');
  await writeFile(join(folder, 'b.txt'), 'mine');
  const wanted = ['a.txt', 'b.txt', 'c.txt'].map((path) => ({ path, text: 'theirs' }));
  await expect(planFiles(folder, wanted)).rejects.toMatchObject({
    code: 'file_exists',
    details: { files: ['a.txt', 'b.txt'] },
  });
});

test('lines are appended once, however they are spelt', async () => {
  const folder = await createFolder();
  await writeFile(join(folder, '.gitignore'), '/node_modules\ndist');
  const wanted = [{ path: '.gitignore', text: 'node_modules/\n.tenon/\n', ifDifferent: 'append' as const }];
  const { changes } = await planFiles(folder, wanted);
  expect(changes).toMatchObject([{ text: '/node_modules\ndist\n.tenon/\n' }]);
  await writeFiles(folder, { changes, signal });
  expect((await planFiles(folder, wanted)).changes).toEqual([]);
});
