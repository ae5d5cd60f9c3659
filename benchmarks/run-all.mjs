// Runs every bench, one after the other, and prints one table. `--write` puts the figures into the areas' READMEs and
// into docs/performance.md.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import path from 'node:path';
import { execute, repository } from './harness/processes.mjs';

const areas = [
  'records',
  'sync',
  'growth',
  'latency',
  'runs',
  'schedules',
  'credentials',
  'start',
  'cli',
  'connect-ui',
];
const folder = await mkdtemp(path.join(tmpdir(), 'tenon-figures-'));
const rows = [];
for (const area of areas) {
  console.log(`\n# ${area}`);
  const file = path.join(folder, area);
  const child = spawn(process.execPath, [path.join(import.meta.dirname, area, 'bench.mjs')], {
    stdio: 'inherit',
    env: { ...process.env, BENCH_FIGURES_FILE: file },
  });
  const [code] = await once(child, 'close');
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n').filter(Boolean);
  rows.push(...lines.map((line) => ({ area, ...JSON.parse(line) })));
  if (code !== 0) {
    process.exitCode = 1;
    rows.push({ area, name: 'the bench', figure: `failed (exit code ${code})` });
  }
}
await rm(folder, { recursive: true });

const day = new Date().toISOString().slice(0, 10);
const machine = `${day}, Node ${process.version}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB.`;
const text = describe(rows, true);
console.log(`\n${text}`);
if (process.argv.includes('--write') && !process.exitCode) {
  await replaceFigures(path.join(repository, 'docs/performance.md'), text);
  for (const area of areas) {
    const own = rows.filter((row) => row.area === area);
    await replaceFigures(path.join(import.meta.dirname, area, 'README.md'), describe(own, false));
  }
  const prettier = path.join(repository, 'node_modules/prettier/bin/prettier.cjs');
  await execute([process.execPath, prettier, '--write', 'benchmarks', 'docs/performance.md'], { cwd: repository });
}

function describe(figures, withArea) {
  const head = ['What', 'Measured', 'Aim'];
  const lines = figures.map(({ area, name, figure, aim = '' }) => [...(withArea ? [area] : []), name, figure, aim]);
  const table = [withArea ? ['Area', ...head] : head, (withArea ? ['', ...head] : head).map(() => '---'), ...lines];
  return `${machine}\n\n${table.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}`;
}

async function replaceFigures(file, figures) {
  const before = await readFile(file, 'utf8');
  const after = before.replace(
    /<!-- figures -->[^]*<!-- \/figures -->/,
    () => `<!-- figures -->\n\n${figures}\n\n<!-- /figures -->`,
  );
  await writeFile(file, after);
}
