// Whether `tenon dev` holds on to memory: saves one after the other, each until it is live, and what its process, the
// bundler's and the server's hold on the way.
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { findFreePort } from '../harness/free-port.mjs';
import { printFigure } from '../harness/figures.mjs';
import { startProcess, tenonBin, waitUntil } from '../harness/processes.mjs';
import { createProject } from '../harness/world.mjs';

const rebuilds = Number(process.env.BENCH_REBUILDS ?? 1_000);
const scripts = Number(process.env.BENCH_SCRIPTS ?? 20);

const syncText = (n, round) => `import { defineSync, z } from '@tenon/runtime';
const Model${n} = z.object({ id: z.string(), title: z.string().describe('Round ${round}'), updatedAt: z.string() });
export default defineSync({
  models: { Model${n} },
  async run(sync) {
    await sync.save('Model${n}', []);
  },
});
`;
const place = (n) => `integrations/sandbox/syncs/sync-${n}.ts`;

/** Answers SIGUSR2 with what is still held after everything that is not was collected. */
const probe = `import { writeFileSync } from 'node:fs';
process.on('SIGUSR2', () => {
  globalThis.gc();
  writeFileSync(process.env.BENCH_MEMORY_FILE, JSON.stringify(process.memoryUsage()));
});`;

async function heldMb(pid, file) {
  await rm(file, { force: true });
  process.kill(pid, 'SIGUSR2');
  const text = await waitUntil('memory is told', () =>
    readFile(file, 'utf8').then(
      (told) => told || undefined,
      () => undefined,
    ),
  );
  return JSON.parse(text).heapUsed / 1_048_576;
}

async function residentMb(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1_024;
}

const project = await createProject(
  Object.fromEntries(Array.from({ length: scripts }, (_, n) => [place(n), syncText(n, 0)])),
);
const configFile = path.join(project.root, 'tenon.config.ts');
const config = await readFile(configFile, 'utf8');
const probeFile = path.join(project.root, '.probe.mjs');
const memoryFile = path.join(project.root, '.memory.json');
await writeFile(probeFile, probe);
const port = String(await findFreePort());
const dev = startProcess(
  [process.execPath, '--expose-gc', '--import', probeFile, tenonBin, 'dev', '--json', '--port', port],
  { cwd: project.root, env: { ...process.env, BENCH_MEMORY_FILE: memoryFile } },
);
try {
  const liveCount = () => dev.output().split('"type":"change"').length - 1;
  const becomesLive = (before) =>
    waitUntil(
      'the save is live',
      () => {
        if (dev.child.exitCode !== null) throw new Error(dev.output());
        return liveCount() > before ? true : undefined;
      },
      60_000,
    );
  await becomesLive(0);
  const { pid: serverPid } = JSON.parse(await readFile(path.join(project.root, '.tenon/server.json'), 'utf8'));
  const samples = [];
  for (let round = 1; round <= rebuilds; round += 1) {
    const before = liveCount();
    const n = round % scripts;
    // Every tenth save is one of the config: the project is read anew.
    if (round % 10 === 0) await writeFile(configFile, `${config}// ${round}\n`);
    else await writeFile(path.join(project.root, place(n)), syncText(n, round));
    await becomesLive(before);
    if (round % Math.max(1, Math.floor(rebuilds / 10)) === 0) {
      const held = await heldMb(dev.child.pid, memoryFile);
      const sample = { round, held, dev: await residentMb(dev.child.pid), server: await residentMb(serverPid) };
      samples.push(sample);
      console.error(
        `${round} rebuilds: held ${held.toFixed(1)} MB, resident ${sample.dev.toFixed(0)} MB, server ${sample.server.toFixed(0)} MB`,
      );
    }
  }
  const first = samples[0];
  const last = samples.at(-1);
  printFigure(`tenon dev, held after ${first.round} rebuilds`, `${first.held.toFixed(1)} MB of heap`);
  printFigure(
    `tenon dev, held after ${last.round} rebuilds`,
    `${last.held.toFixed(1)} MB of heap`,
    '< 1.2 times as much',
  );
  printFigure(`tenon dev, resident after ${last.round} rebuilds`, `${last.dev.toFixed(0)} MB`);
  printFigure(`its server, resident after ${last.round} rebuilds`, `${last.server.toFixed(0)} MB`);
  dev.child.kill('SIGINT');
  await once(dev.child, 'close');
} finally {
  await dev.stop('SIGKILL');
  await project.remove();
}
