// Plays many random histories, on every core, and prints what it takes to repeat the first one that fails:
//   node tests/storm/run-nightly.mjs --histories 10000 [--seed 42] [--processes 2]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

const root = path.resolve(import.meta.dirname, '../..');
const { values } = parseArgs({
  options: { histories: { type: 'string' }, seed: { type: 'string' }, processes: { type: 'string' } },
});
const histories = Number(values.histories ?? 10_000);
const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
const processes = Math.max(1, Math.min(Number(values.processes ?? availableParallelism()), histories));
console.log(`${histories} histories in ${processes} processes, --seed ${seed}`);

const startedAt = performance.now();
const children = Array.from({ length: processes }, (_, index) => {
  const share = Math.floor(histories / processes) + (index < histories % processes ? 1 : 0);
  // Each process draws from a seed of its own, which follows from the one that is printed.
  const child = spawn(
    process.execPath,
    [path.join(root, 'node_modules/vitest/vitest.mjs'), 'run', 'tests/storm/histories'],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TENON_STORM_HISTORIES: String(share), TENON_STORM_SEED: String(seed + index) },
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  return { child, closed: once(child, 'close'), share, output: () => output, seed: seed + index };
});
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    for (const { child } of children) child.kill(signal);
  });
}

let played = 0;
for (const { closed, share, output, seed: own } of children) {
  const [code] = await closed;
  if (code === 0) played += share;
  else {
    process.exitCode = 1;
    const drawnPath = /path: "([\d:]+)"/.exec(output())?.[1];
    console.log(output());
    console.log(
      `Again: TENON_STORM_SEED=${own} TENON_STORM_HISTORIES=${share}` +
        `${drawnPath ? ` TENON_STORM_PATH=${drawnPath}` : ''} pnpm vitest run tests/storm/histories`,
    );
  }
}
const seconds = (performance.now() - startedAt) / 1_000;
console.log(`${played} of ${histories} histories held in ${seconds.toFixed(0)} s (--seed ${seed})`);
