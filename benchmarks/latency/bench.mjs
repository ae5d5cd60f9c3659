// Round trips: an action, one client and 20; a trigger until the script's first line and its first call upstream;
// 200 connections triggered at once.
import { describeLatencies, median, perSecond, printFigure } from '../harness/figures.mjs';
import { waitUntil } from '../harness/processes.mjs';
import { connect, createProject, deploy, runSync, startSandbox, startServer } from '../harness/world.mjs';

const project = await createProject({
  'integrations/sandbox/actions/ping.ts': `import { defineAction, z } from '@tenon/runtime';
export default defineAction({
  input: z.object({ n: z.number() }),
  output: z.object({ n: z.number(), status: z.number() }),
  async run(action) {
    const { status } = await action.get('/me');
    return { n: action.input.n, status };
  },
});
`,
  'integrations/sandbox/syncs/first-call.ts': `import { defineSync, z } from '@tenon/runtime';
const Me = z.object({ id: z.string() });
export default defineSync({
  models: { Me },
  async run(sync) {
    sync.log.info('first line', { at: performance.timeOrigin + performance.now() });
    await sync.get('/me');
    await sync.save('Me', [{ id: 'me' }]);
  },
});
`,
});
const sandbox = await startSandbox();
const server = await startServer(project);
try {
  await deploy(project, server);
  await connect(server, sandbox);
  await runSync(server, 'first-call');

  const ping = async (n) => {
    const startedAt = performance.now();
    await server.call('POST', '/v1/connections/sandbox/acme/actions/ping', { input: { n } });
    return performance.now() - startedAt;
  };
  for (let n = 0; n < 20; n += 1) await ping(n);
  const single = [];
  for (let n = 0; n < 300; n += 1) single.push(await ping(n));
  printFigure('action round trip, one client', describeLatencies(single), 'p50 <= 10 ms, none waits for a poll');

  const count = 1_500;
  let next = 0;
  const startedAt = performance.now();
  const concurrent = [];
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      while (next < count) concurrent.push(await ping((next += 1)));
    }),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  printFigure(
    'actions at concurrency 20',
    `${Math.round(count / seconds)}/s, ${describeLatencies(concurrent)}`,
    '>= 250/s',
  );

  const firstLine = [];
  const firstCall = [];
  for (let n = 0; n < 100; n += 1) {
    await sandbox.control('mark', {});
    const triggeredAt = performance.timeOrigin + performance.now();
    const run = await runSync(server, 'first-call');
    const stats = await sandbox.control('stats');
    firstCall.push(stats.firstRequestAfterMarkAt - triggeredAt);
    const { items } = await waitUntil('the log is there', async () => {
      const page = await server.call('GET', `/v1/logs?runId=${run.id}`);
      return page.items.some((entry) => entry.message === 'first line') ? page : undefined;
    });
    firstLine.push(items.find((entry) => entry.message === 'first line').data.at - triggeredAt);
  }
  printFigure("trigger -> script's first line", describeLatencies(firstLine));
  printFigure('trigger -> first upstream request', describeLatencies(firstCall), 'p50 <= 25 ms');

  const ids = Array.from({ length: 200 }, (_, n) => `customer-${n}`);
  for (const id of ids) await connect(server, sandbox, id);
  const rates = [];
  for (let round = 0; round < 5; round += 1) {
    const burstAt = performance.now();
    await Promise.all(ids.map((id) => server.call('POST', `/v1/connections/sandbox/${id}/syncs/first-call/trigger`)));
    // Two light questions, in this order: what is queued becomes running, and not the other way round.
    await waitUntil('all runs have ended', async () => {
      for (const status of ['queued', 'running']) {
        const { items } = await server.call('GET', `/v1/runs?status=${status}&limit=1`);
        if (items.length > 0) return undefined;
      }
      return true;
    });
    rates.push(200 / ((performance.now() - burstAt) / 1000));
  }
  printFigure(
    '200 connections triggered at once, until all have ended',
    `${perSecond(median(rates), ' runs')} (median of ${rates.length}; the first, with new workers: ${perSecond(rates[0])})`,
    '>= 200/s',
  );
} finally {
  await server.stop();
  await sandbox.stop();
  await project.remove();
}
