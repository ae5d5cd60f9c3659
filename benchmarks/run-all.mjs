// Runs every bench, one after the other, and prints one table.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import path from 'node:path';

const areas = ['records', 'sync', 'latency', 'schedules', 'start', 'cli'];
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
  if (code !== 0) process.exitCode = 1;
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n').filter(Boolean);
  rows.push(...lines.map((line) => ({ area, ...JSON.parse(line) })));
  if (code !== 0) rows.push({ area, name: 'the bench', figure: `failed (exit code ${code})` });
}
await rm(folder, { recursive: true });

console.log(
  `\nNode ${process.version}, ${cpus().length} x ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GB\n`,
);
console.log('| Area | What | Measured | Aim |\n| --- | --- | --- | --- |');
for (const { area, name, figure, aim = '' } of rows) console.log(`| ${area} | ${name} | ${figure} | ${aim} |`);
