import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { printFigure } from '../harness/figures.mjs';
import { execute, repository } from '../harness/processes.mjs';

/** The packed packages in an empty folder: npm's install with a warm cache, `tenon init`, and what they take on disk. */
export async function measureInstall() {
  const folder = await mkdtemp(path.join(tmpdir(), 'tenon-install-'));
  try {
    const { packageManager } = JSON.parse(await readFile(path.join(repository, 'package.json'), 'utf8'));
    for (const name of ['runtime', 'server', 'cli']) {
      const cwd = path.join(repository, 'packages', name);
      await execute(['npx', '--yes', packageManager, 'pack', '--pack-destination', folder], { cwd });
    }
    const tarballs = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
    const paths = tarballs.map((name) => path.join(folder, name));
    // The first one fills the cache.
    await install(path.join(folder, 'first'), paths);
    const app = path.join(folder, 'second');
    const installMs = await install(app, paths);
    const startedAt = performance.now();
    await execute(
      [path.join(app, 'node_modules/.bin/tenon'), 'init', '.', '--template', 'sandbox', '--yes', '--skip-install'],
      { cwd: app },
    );
    const initMs = performance.now() - startedAt;
    const { packages } = JSON.parse(await readFile(path.join(app, 'node_modules/.package-lock.json'), 'utf8'));
    const kilobytes = Number((await execute(['du', '-sk', path.join(app, 'node_modules')], {})).split('\t')[0]);
    printFigure(
      'npm install + tenon init, empty folder, warm cache',
      `${((installMs + initMs) / 1000).toFixed(1)} s (install ${(installMs / 1000).toFixed(1)} s, init ${(initMs / 1000).toFixed(2)} s)`,
      '<= 10 s',
    );
    printFigure(
      'installed size',
      `${Math.round(kilobytes / 1024)} MB, ${Object.keys(packages).length} packages`,
      '<= 120 MB',
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function install(app, tarballs) {
  await mkdir(app);
  await writeFile(path.join(app, 'package.json'), '{ "name": "app", "private": true, "type": "module" }\n');
  const startedAt = performance.now();
  await execute(['npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', ...tarballs], { cwd: app });
  return performance.now() - startedAt;
}
