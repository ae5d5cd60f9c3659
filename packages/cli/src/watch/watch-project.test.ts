import { mkdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createTestProject } from '../testing/create-test-project.ts';
import { needsReload, watchProject, type FileChange, type ProjectWatch } from './watch-project.ts';

/** The file system's events take a while on a busy machine. */
const patience = { timeout: 10_000 };

const script = 'integrations/demo/syncs/a.ts';

async function start(files: Record<string, string> = { [script]: '1' }) {
  const project = await createTestProject(files);
  const seen: FileChange[] = [];
  const batches: (readonly FileChange[])[] = [];
  const watch: ProjectWatch = await watchProject(project.root, (changes) => {
    seen.push(...changes);
    batches.push(changes);
  });
  onTestFinished(() => watch.close());
  const paths = () => [...new Set(seen.map(({ kind, path }) => `${kind} ${path}`))];
  return { ...project, watch, seen, batches, paths };
}

describe('watchProject', () => {
  it('sees a save, a new file and a removed one of a source, and nothing else', async () => {
    const { root, write, paths } = await start({ [script]: '1', 'src/app.ts': '1' });
    await write({
      'src/app.ts': '2',
      'integrations/demo/syncs/.a.ts.swp': '2',
      'integrations/demo/syncs/.#a.ts': '2',
      'integrations/demo/syncs/a.ts~': '2',
      'integrations/demo/syncs/sedXy12': '2',
      [script]: '2',
    });
    await expect.poll(paths, patience).toEqual([`changed ${script}`]);
    await write({ 'integrations/demo/syncs/b.ts': '1' });
    await expect.poll(paths, patience).toContain('added integrations/demo/syncs/b.ts');
    await rm(join(root, 'integrations/demo/syncs/b.ts'));
    await expect.poll(paths, patience).toContain('removed integrations/demo/syncs/b.ts');
    expect(paths().filter((change) => !/syncs\/[ab]\.ts$/.test(change))).toEqual([]);
  });

  it('sees the last of saves that follow each other at any distance', async () => {
    const { root } = await createTestProject({ [script]: '0' });
    let lastSeen = '';
    const { readFileSync } = await import('node:fs');
    const watch = await watchProject(root, () => {
      lastSeen = readFileSync(join(root, script), 'utf8');
    });
    onTestFinished(() => watch.close());
    for (let round = 1; round <= 60; round++) {
      await writeFile(join(root, script), String(round));
      // From one millisecond to a tenth of a second: within, at and beyond every interval that something waits for.
      await new Promise((resolve) => setTimeout(resolve, (round * 7) % 101));
    }
    await writeFile(join(root, script), 'last');
    await expect.poll(() => lastSeen, patience).toBe('last');
  });

  it('sees a file that keeps its size and its time', async () => {
    const { root, paths } = await start();
    const { atime, mtime } = await stat(join(root, script));
    await writeFile(join(root, script), '2');
    await utimes(join(root, script), atime, mtime);
    await expect.poll(paths, patience).toEqual([`changed ${script}`]);
  });

  it('takes the ways in which editors replace a file for changes, and not for removals', async () => {
    const { root, paths, seen } = await start();
    // A draft that is renamed over the file, and a file that is moved away before it is written anew.
    await writeFile(join(root, 'integrations/demo/syncs/.draft'), '2');
    await rename(join(root, 'integrations/demo/syncs/.draft'), join(root, script));
    await expect.poll(paths, patience).toEqual([`changed ${script}`]);
    await rename(join(root, script), join(root, `${script}~`));
    await new Promise((resolve) => setTimeout(resolve, 30));
    await writeFile(join(root, script), '3');
    await expect.poll(() => seen.length, patience).toBe(2);
    expect(paths()).toEqual([`changed ${script}`]);
  });

  it('sees folders that go and come back, with what is in them', async () => {
    const { root, write, seen } = await start();
    await rm(join(root, 'integrations'), { recursive: true });
    await expect.poll(() => seen.at(-1), patience).toEqual({ kind: 'removed', path: script });
    await write({ [script]: '1', 'integrations/other/syncs/b.ts': '1' });
    await expect.poll(() => seen.at(-1)?.path, patience).toBe('integrations/other/syncs/b.ts');
    await write({ 'integrations/other/syncs/b.ts': '2' });
    await expect.poll(() => seen.at(-1), patience).toEqual({ kind: 'changed', path: 'integrations/other/syncs/b.ts' });
    await rename(join(root, 'integrations/other'), join(root, 'integrations/renamed'));
    await expect
      .poll(() => seen.slice(-2), patience)
      .toEqual([
        { kind: 'added', path: 'integrations/renamed/syncs/b.ts' },
        { kind: 'removed', path: 'integrations/other/syncs/b.ts' },
      ]);
  });

  it('goes on with a folder that was removed and made anew at once, which keeps its name only', async () => {
    const { root, write, seen } = await start();
    await rm(join(root, 'integrations'), { recursive: true });
    await write({ [script]: '2' });
    await expect.poll(() => seen.at(-1)?.path, patience).toBe(script);
    for (const text of ['3', '4']) {
      const before = seen.length;
      await write({ [script]: text });
      await expect.poll(() => seen.length, patience).toBeGreaterThan(before);
      expect(seen.at(-1)).toEqual({ kind: 'changed', path: script });
    }
  });

  it('is woken by looks of chokidar where the file system sends no events', async () => {
    vi.stubEnv('CHOKIDAR_USEPOLLING', '1');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { write, paths } = await start();
    await write({ [script]: 'longer', 'integrations/demo/syncs/b.ts': '1' });
    await expect
      .poll(() => paths().toSorted(), patience)
      .toEqual(['added integrations/demo/syncs/b.ts', `changed ${script}`]);
    await write({ 'integrations/demo/syncs/b.ts': 'longer' });
    await expect.poll(paths, patience).toContain('changed integrations/demo/syncs/b.ts');
  });

  it('makes many files that are written at once one or few changes', async () => {
    const { write, seen, batches } = await start();
    const files = Array.from({ length: 50 }, (_, index) => [`integrations/demo/syncs/s${index}.ts`, '1'] as const);
    await write(Object.fromEntries(files));
    // One that was looked at between being made and being filled is seen twice.
    await expect.poll(() => new Set(seen.map(({ path }) => path)).size, patience).toBe(50);
    expect(batches.length).toBeLessThan(10);
  });

  it('sees the config and the .env come and go', async () => {
    const { root, write, seen } = await start();
    await rm(join(root, 'tenon.config.ts'));
    await expect.poll(() => seen.at(-1), patience).toEqual({ kind: 'removed', path: 'tenon.config.ts' });
    await write({ '.env': 'A=1\n' });
    await expect.poll(() => seen.at(-1), patience).toEqual({ kind: 'added', path: '.env' });
  });

  it('sees saves of files elsewhere that scripts import, once it is told of them', async () => {
    const { write, watch, paths } = await start({ [script]: '1', 'src/titles.ts': '1', 'src/other.ts': '1' });
    watch.follow(new Set([script, 'src/titles.ts']), Date.now());
    await write({ 'src/titles.ts': '2', 'src/other.ts': '2' });
    await expect.poll(paths, patience).toEqual(['changed src/titles.ts']);
  });

  it('sees a file elsewhere that changed between being read and being followed', async () => {
    const { write, watch, paths } = await start({ [script]: '1', 'src/titles.ts': '1' });
    const readAtMs = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 20));
    await write({ 'src/titles.ts': '2' });
    watch.follow(new Set(['src/titles.ts']), readAtMs);
    await expect.poll(paths, patience).toEqual(['changed src/titles.ts']);
  });

  it('sees a file that an import did not find, in a folder that is not there yet', async () => {
    const { root, watch, paths } = await start();
    watch.follow(['src/deep/missing.ts']);
    await mkdir(join(root, 'src/deep'), { recursive: true });
    await writeFile(join(root, 'src/deep/missing.ts'), '1');
    await expect.poll(paths, patience).toEqual(['added src/deep/missing.ts']);
  });
});

describe('needsReload', () => {
  it.each<[FileChange, boolean]>([
    [{ kind: 'changed', path: 'src/titles.ts' }, false],
    [{ kind: 'changed', path: 'integrations/demo/models.ts' }, false],
    [{ kind: 'added', path: 'integrations/demo/syncs/b.ts' }, true],
    [{ kind: 'changed', path: 'tenon.config.ts' }, true],
    [{ kind: 'changed', path: 'providers/demo.yaml' }, true],
    [{ kind: 'changed', path: 'node_modules/.package-lock.json' }, true],
  ])('says of %o: %s', (change, expected) => expect(needsReload(change)).toBe(expected));
});
