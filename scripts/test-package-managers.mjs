// Installs the packed packages with each package manager in an empty project, and uses them there: --version, init,
// check, generate, a server. Needs the npm registry, and a few minutes the first time; tests/packed-packages.test.ts does
// more with npm on every run. Names on the command line choose: `node scripts/test-package-managers.mjs bun`.
import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const repository = path.resolve(import.meta.dirname, '..');
const pnpm = path.join(repository, 'node_modules/pnpm/bin/pnpm.cjs');
const folder = await mkdtemp(path.join(tmpdir(), 'tenon-managers-'));
const environment = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_'))),
  NO_COLOR: '1',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  YARN_ENABLE_TELEMETRY: '0',
  // Yarn 1 knows a tarball by its name and version, and would take the one of the last time.
  YARN_CACHE_FOLDER: path.join(folder, 'yarn-cache'),
  // A project of our own has no lock file yet, which yarn refuses in CI.
  YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
};

// Fetched by npx: each is a package of the registry, bun's with its program.
const managers = {
  npm: { install: ['npm', 'install', '--prefer-offline'], tenon: ['npx', '--no-install', 'tenon'] },
  pnpm: {
    install: [process.execPath, pnpm, 'install', '--prefer-offline'],
    tenon: [process.execPath, pnpm, 'exec', 'tenon'],
  },
  'yarn-1': {
    install: ['npx', '--yes', 'yarn@1.22.22', 'install', '--non-interactive'],
    tenon: ['npx', '--yes', 'yarn@1.22.22', '--silent', 'run', 'tenon'],
  },
  'yarn-node-modules': {
    install: ['npx', '--yes', '@yarnpkg/cli-dist@4', 'install'],
    tenon: ['npx', '--yes', '@yarnpkg/cli-dist@4', 'run', 'tenon'],
    files: { '.yarnrc.yml': 'nodeLinker: node-modules\n', 'yarn.lock': '' },
  },
  // Only when it is named: TypeScript 7 finds no modules in yarn's archives, so `tenon check` cannot work there.
  'yarn-pnp': {
    install: ['npx', '--yes', '@yarnpkg/cli-dist@4', 'install'],
    tenon: ['npx', '--yes', '@yarnpkg/cli-dist@4', 'run', 'tenon'],
    files: { '.yarnrc.yml': 'nodeLinker: pnp\n', 'yarn.lock': '' },
  },
  bun: {
    install: ['npx', '--yes', 'bun@1', 'install'],
    tenon: ['npx', '--yes', 'bun@1', 'x', '--no-install', 'tenon'],
  },
};

async function execute([file, ...rest], more, cwd) {
  try {
    return (await run(file, [...rest, ...more], { cwd, env: environment, maxBuffer: 64 * 1024 * 1024 })).stdout;
  } catch (error) {
    throw new Error(`${[file, ...rest, ...more].join(' ')}\n${error.stdout}\n${error.stderr}`, { cause: error });
  }
}

async function pack() {
  for (const name of ['runtime', 'server', 'cli']) {
    await execute(
      [process.execPath, pnpm, 'pack', '--pack-destination', folder],
      [],
      path.join(repository, 'packages', name),
    );
  }
  const names = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  const find = (start) => `file:${path.join(folder, names.find((name) => name.startsWith(start)) ?? '')}`;
  return { '@tenon/runtime': find('tenon-runtime'), '@tenon/server': find('tenon-server'), tenon: find('tenon-0') };
}

async function tryManager(name, tarballs) {
  const { install, tenon, files = {} } = managers[name];
  const project = path.join(folder, name);
  await mkdir(project);
  const manifest = {
    name: 'app',
    private: true,
    type: 'module',
    dependencies: tarballs,
    // The packages name each other by version, which no registry has yet: each manager has its own word for it.
    overrides: name === 'npm' ? undefined : tarballs,
    resolutions: tarballs,
    pnpm: { overrides: tarballs },
  };
  await writeFile(path.join(project, 'package.json'), JSON.stringify(manifest, null, 2));
  for (const [file, text] of Object.entries(files)) await writeFile(path.join(project, file), text);
  await execute(install, [], project);
  const version = (await execute(tenon, ['--version'], project)).trim();
  await execute(tenon, ['init', '.', '--template', 'sandbox', '--yes', '--skip-install'], project);
  await execute(tenon, ['check'], project);
  await execute(tenon, ['generate'], project);
  await useServer(tenon, project);
  return version;
}

/** That `tenon server start` finds the server which the manager put beside it, and the command line that server. */
async function useServer(tenon, project) {
  const [file, ...rest] = tenon;
  const server = spawn(file, [...rest, 'server', 'start', '--port', '0'], {
    cwd: project,
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
    // Managers put processes of their own between: all of them end together.
    detached: true,
  });
  try {
    let output = '';
    await new Promise((resolve, reject) => {
      server.stdout.on('data', (chunk) => {
        output += chunk;
        if (output.includes('"msg":"ready"')) resolve();
      });
      server.once('exit', (code) => reject(new Error(`The server ended with ${code}:\n${output}`)));
    });
    const answer = await execute(tenon, ['whoami', '--json'], project);
    if (!answer.includes('"environment": "dev"')) throw new Error(`whoami printed ${answer}`);
  } finally {
    if (server.exitCode === null) process.kill(-server.pid, 'SIGTERM');
  }
}

const chosen = process.argv.slice(2);
try {
  const tarballs = await pack();
  for (const name of chosen.length > 0 ? chosen : Object.keys(managers).filter((each) => each !== 'yarn-pnp')) {
    const startedAt = performance.now();
    const seconds = () => `${((performance.now() - startedAt) / 1_000).toFixed(1)} s`;
    try {
      console.log(`ok   ${name}: tenon ${await tryManager(name, tarballs)} (${seconds()})`);
    } catch (error) {
      console.log(`FAIL ${name} (${seconds()})\n${error.message}`);
      process.exitCode = 1;
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
