// `pnpm check`: everything that CI runs, in the order in which it fails fastest. Its last line counts the tests.
import { spawn } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const bin = (packageName, file) => path.join(root, 'node_modules', packageName, file);

// turbo looks for pnpm on the path, where a machine with only Node and npm has none.
const environment = {
  ...process.env,
  PATH: `${path.join(root, 'node_modules/.bin')}${path.delimiter}${process.env.PATH}`,
  TURBO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
};

const steps = [
  ['format', bin('prettier', 'bin/prettier.cjs'), ['--check', '--log-level=warn', '.']],
  ['lint', bin('oxlint', 'bin/oxlint'), ['--deny-warnings']],
  ['build', bin('turbo', 'bin/turbo'), ['run', 'build', '--output-logs=errors-only']],
  ['docs', path.join(root, 'scripts/generate-docs.mjs'), ['--check']],
  ['types', bin('turbo', 'bin/turbo'), ['run', 'types', '--output-logs=errors-only']],
  ['browser', path.join(root, 'scripts/install-browser.mjs'), []],
  [
    'tests',
    bin('vitest', 'vitest.mjs'),
    ['run', '--reporter=default', `--reporter=${path.join(root, 'scripts/count-reporter.mjs')}`],
    { live: true },
  ],
];

function runStep([name, file, stepArguments, options = {}]) {
  return new Promise((resolve) => {
    const startedAt = performance.now();
    const child = spawn(process.execPath, [file, ...stepArguments], {
      cwd: root,
      env: environment,
      stdio: options.live ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    child.on('close', (code) => {
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      // The tests' own last line must stay the last one.
      if (!options.live) console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`);
      if (code !== 0) process.stdout.write(output);
      resolve(code === 0);
    });
  });
}

let failed = false;
for (const step of steps) {
  if (!(await runStep(step))) {
    failed = true;
    break;
  }
}
process.exitCode = failed ? 1 : 0;
