import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withHeader } from './sdk-file.ts';
import { compareSdk, writeSdk } from './write-sdk.ts';

let folder: string;

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'tenon-write-')), 'out');
});
afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));

const a = { path: 'index.ts', text: withHeader('export const a = 1;') };
const b = { path: 'integrations/b.ts', text: withHeader('export const b = 1;') };

describe('writeSdk', () => {
  it('writes what is not there, and then nothing', async () => {
    expect(await writeSdk(folder, [a, b])).toEqual({ written: [a.path, b.path], removed: [], unchanged: 0 });
    const before = await stat(join(folder, a.path), { bigint: true });
    expect(await writeSdk(folder, [a, b])).toEqual({ written: [], removed: [], unchanged: 2 });
    const after = await stat(join(folder, a.path), { bigint: true });
    expect(after.ino).toBe(before.ino);
  });

  it('writes only what differs', async () => {
    await writeSdk(folder, [a, b]);
    const changed = { ...b, text: withHeader('export const b = 2;') };
    expect((await writeSdk(folder, [a, changed])).written).toEqual([b.path]);
    expect(await readFile(join(folder, b.path), 'utf8')).toBe(changed.text);
  });

  it('removes generated files that are no longer made, and only those', async () => {
    await writeSdk(folder, [a, b]);
    await writeFile(join(folder, 'mine.ts'), 'export {};\n');
    await writeFile(join(folder, 'notes.md'), '# mine\n');
    expect((await writeSdk(folder, [a])).removed).toEqual([b.path]);
    expect((await readdir(folder)).sort()).toEqual(['index.ts', 'mine.ts', 'notes.md']);
  });

  it("never overwrites a file that is somebody's own, and changes nothing then", async () => {
    await mkdir(folder);
    await writeFile(join(folder, a.path), 'export const mine = true;\n');
    await expect(writeSdk(folder, [b, a])).rejects.toMatchObject({ code: 'file_exists' });
    expect(await readdir(folder)).toEqual(['index.ts']);
    expect(await readFile(join(folder, a.path), 'utf8')).toContain('mine');
  });

  it('leaves no drafts behind', async () => {
    await writeSdk(folder, [a, b]);
    expect(await readdir(folder, { recursive: true })).toEqual(
      expect.not.arrayContaining([expect.stringContaining('.tmp')]),
    );
  });

  it('compares without writing', async () => {
    expect(await compareSdk(folder, [a])).toEqual({ written: [a.path], removed: [], unchanged: 0 });
    await expect(readdir(folder)).rejects.toThrow('ENOENT');
  });

  it('writes nothing once it is interrupted', async () => {
    const reason = new Error('stop');
    await expect(writeSdk(folder, [a], { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await expect(readdir(folder)).rejects.toThrow('ENOENT');
  });
});
