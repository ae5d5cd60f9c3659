// Runs/s of trivial syncs over 1,000 connections, without limits of concurrency and with one.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { median, perSecond, printFigure } from '../harness/figures.mjs';
import { waitUntil } from '../harness/processes.mjs';
import { connect, createProject, deploy, startSandbox, startServer } from '../harness/world.mjs';

const connections = Number(process.env.BENCH_CONNECTIONS ?? 1_000);
const clients = 20;
const rounds = 3;

const project = await createProject({
  'integrations/sandbox/syncs/trivial.ts': `import { defineSync, z } from '@tenon/runtime';
export default defineSync({
  models: { Me: z.object({ id: z.string() }) },
  async run(sync) {
    await sync.save('Me', [{ id: 'me' }]);
  },
});
`,
});
const sandbox = await startSandbox();
const server = await startServer(project);
const ids = Array.from({ length: connections }, (_, n) => `customer-${n}`);

/** Works through the ids, so many at a time. */
async function each(work) {
  const left = [...ids];
  const client = async () => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) await work(id);
  };
  await Promise.all(Array.from({ length: clients }, client));
}

async function measureRound() {
  const startedAt = performance.now();
  await each((id) => server.call('POST', `/v1/connections/sandbox/${id}/syncs/trivial/trigger`));
  const triggeredMs = performance.now() - startedAt;
  await waitUntil(
    'all runs have ended',
    async () => {
      // In this order: what is queued becomes running, and not the other way round.
      for (const status of ['queued', 'running']) {
        const { items } = await server.call('GET', `/v1/runs?status=${status}&limit=1`);
        if (items.length > 0) return undefined;
      }
      return true;
    },
    120_000,
  );
  return { rate: connections / ((performance.now() - startedAt) / 1_000), triggeredMs };
}

async function measure(what, aim) {
  const results = [];
  for (let round = 0; round < rounds; round += 1) results.push(await measureRound());
  const rates = results.map(({ rate }) => rate);
  const triggered = Math.round(median(results.map(({ triggeredMs }) => triggeredMs)));
  const figure = `${perSecond(median(rates), ' runs')} (median of ${rounds}; all were triggered after ${triggered} ms)`;
  printFigure(what, figure, aim);
}

try {
  await deploy(project, server);
  await each((id) => connect(server, sandbox, id));
  await measure(`trivial syncs of ${connections} connections`, '>= 200/s');

  const config = path.join(project.root, 'tenon.config.ts');
  const text = await readFile(config, 'utf8');
  await writeFile(config, text.replace('defineConfig({', 'defineConfig({\n  concurrency: 50,'));
  await deploy(project, server);
  await measure(`the same with a limit of concurrency`);
} finally {
  await server.stop();
  await sandbox.stop();
  await project.remove();
}
