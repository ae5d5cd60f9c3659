// Runs a trivial sync tens of thousands of times on one server and tells how its memory grows:
//   node benchmarks/soak/bench.mjs                               50,000 runs over 500 connections
//   BENCH_RUNS=5000 BENCH_CONNECTIONS=100 node benchmarks/soak/bench.mjs   a short one
import { setTimeout as delay } from 'node:timers/promises';
import { printFigure, perSecond } from '../harness/figures.mjs';
import { memoryOfTree } from '../harness/processes.mjs';
import { connect, createProject, deploy, startSandbox, startServer } from '../harness/world.mjs';

const runs = Number(process.env.BENCH_RUNS ?? 50_000);
const connections = Number(process.env.BENCH_CONNECTIONS ?? 500);
const atOnce = Number(process.env.BENCH_AT_ONCE ?? 16);
const samples = 120;
/**
 * Caches, the heap's first generations and Postgres' buffers fill in the warm-up, and every worker reaches its first
 * replacement (after 1,000 runs of its own). A slope over less than this many runs after it is that of a heap between two
 * collections.
 */
const warmUpShare = 0.3;
const leastWarmUp = 4_000;
const leastSteady = 4_000;
const windows = 10;

const sync = `import { defineSync, z } from '@tenon/runtime';
const Tick = z.object({ id: z.string(), at: z.string() });
export default defineSync({
  models: { Tick },
  async run(sync) {
    await sync.save('Tick', [{ id: '1', at: new Date().toISOString() }]);
  },
});
`;

/** Megabytes by part: the server process, Postgres' processes, the workers. */
async function sample(server) {
  const { parts } = await memoryOfTree(server.child.pid);
  const sum = (belongs, unit) => parts.filter(belongs).reduce((total, part) => total + part[unit], 0);
  const isPostgres = ({ command }) => /postgres/.test(command);
  const isServer = ({ pid }) => pid === server.child.pid;
  return {
    server: sum(isServer, 'rssMb'),
    postgres: sum(isPostgres, 'pssMb'),
    workers: sum((part) => !isServer(part) && !isPostgres(part), 'pssMb'),
  };
}

/**
 * The least of each window. A heap rises until it is collected and a worker until it is replaced: what lies at the bottom of
 * the waves is what is kept.
 */
function lowest(points) {
  const size = Math.ceil(points.length / windows);
  const groups = Array.from({ length: Math.ceil(points.length / size) }, (_, n) =>
    points.slice(n * size, (n + 1) * size),
  );
  return groups.map((group) => group.reduce((least, point) => (point[1] < least[1] ? point : least)));
}

/** Of the line that fits the points best (least squares). */
function slope(points) {
  const mean = (pick) => points.reduce((total, point) => total + pick(point), 0) / points.length;
  const meanX = mean(([x]) => x);
  const meanY = mean(([, y]) => y);
  const above = points.reduce((total, [x, y]) => total + (x - meanX) * (y - meanY), 0);
  const below = points.reduce((total, [x]) => total + (x - meanX) ** 2, 0);
  return above / below;
}

const project = await createProject({ 'integrations/sandbox/syncs/tick.ts': sync });
const sandbox = await startSandbox({ SANDBOX_ISSUES: '1' });
const server = await startServer(project, { TENON_RATE_LIMIT: '0' });
try {
  await deploy(project, server);
  for (let number = 0; number < connections; number += 1) await connect(server, sandbox, `c${number}`);

  let begun = 0;
  let done = 0;
  let failed = 0;
  const points = [];
  const startedAt = performance.now();
  const every = Math.max(1, Math.floor(runs / samples));

  async function work() {
    while (begun < runs) {
      const number = begun++;
      const { run } = await server.call('POST', `/v1/connections/sandbox/c${number % connections}/syncs/tick/trigger`);
      for (;;) {
        const now = await server.call('GET', `/v1/runs/${run.id}`);
        if (now.finishedAt !== null) {
          if (now.status !== 'succeeded') failed += 1;
          break;
        }
        await delay(10);
      }
      done += 1;
      if (done % every !== 0) continue;
      const memory = await sample(server);
      points.push({ done, ...memory });
      console.log(
        `${String(done).padStart(6)} runs: server ${memory.server} MB, Postgres ${memory.postgres} MB, workers ${memory.workers} MB`,
      );
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work));
  const seconds = (performance.now() - startedAt) / 1_000;

  const warmUp = Math.max(runs * warmUpShare, leastWarmUp);
  const steady = points.filter(({ done: at }) => at >= warmUp);
  for (const [part, name] of [
    ['server', 'server (RSS)'],
    ['postgres', 'Postgres (PSS of all its processes)'],
    ['workers', 'workers (PSS)'],
  ]) {
    if (runs - warmUp < leastSteady) {
      const range = `${Math.min(...points.map((point) => point[part]))} to ${Math.max(...points.map((point) => point[part]))} MB`;
      printFigure(
        `memory of ${name}, ${runs} runs`,
        `${range}; no slope from less than ${leastWarmUp + leastSteady} runs`,
      );
      continue;
    }
    const perTenThousand = slope(lowest(steady.map((point) => [point.done, point[part]]))) * 10_000;
    const range = `${Math.min(...steady.map((point) => point[part]))} to ${Math.max(...steady.map((point) => point[part]))} MB`;
    printFigure(
      `growth of ${name}, ${runs} runs, after the first ${warmUp}`,
      `${perTenThousand.toFixed(1)} MB per 10,000 runs (${range})`,
      'flat',
    );
  }
  printFigure(`runs, ${connections} connections, ${atOnce} at once, ${failed} failed`, perSecond(runs / seconds));
  if (failed > 0) process.exitCode = 1;
} finally {
  await server.stop();
  await sandbox.stop();
  await project.remove();
}
