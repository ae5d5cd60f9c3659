// Makes sure that the browser tests have a Chromium: installs Debian's package where nobody has, and says what to do
// where that is not possible. CHROMIUM_PATH names another one.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const debianPath = '/usr/bin/chromium';
const wanted = process.env.CHROMIUM_PATH ?? debianPath;

function runApt(...aptArguments) {
  return spawnSync('apt-get', aptArguments, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}

function install() {
  const hasApt = existsSync('/etc/debian_version') && process.getuid?.() === 0;
  if (process.env.CHROMIUM_PATH !== undefined || !hasApt) return false;
  const startedAt = performance.now();
  process.stdout.write('installing chromium ... ');
  const packages = ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-liberation'];
  // The lists of a fresh image are empty or old, so they are only asked for when the package is not found.
  const isDone =
    runApt(...packages).status === 0 || (runApt('update', '-qq').status === 0 && runApt(...packages).status === 0);
  process.stdout.write(`${isDone ? '' : 'failed after '}${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`);
  return isDone && existsSync(debianPath);
}

if (!existsSync(wanted) && !install()) {
  console.error(
    `The browser tests need Chromium, which is not at ${wanted}.\n` +
      'Install it (Debian, as root: apt-get install chromium) or set CHROMIUM_PATH to its program.',
  );
  process.exitCode = 1;
}
