// 100,000 records of about 1 kB from the sandbox API into the store: first, unchanged, all changed; 100 and 1,000 a page;
// peak memory; then read back through the API.
import { printFigure } from '../harness/figures.mjs';
import { memoryOfTree } from '../harness/processes.mjs';
import { connect, createProject, deploy, runSync, startSandbox, startServer } from '../harness/world.mjs';

const total = Number(process.env.BENCH_RECORDS ?? 100_000);
const pageSizes = [100, 1_000];
const aims = { 100: { first: '12,000', unchanged: '25,000' }, 1000: { first: '15,000', unchanged: '40,000' } };

const syncOf = (pageSize) => `import { defineSync, z } from '@tenon/runtime';
const Issue${pageSize} = z.looseObject({ id: z.string(), title: z.string() });
export default defineSync({
  models: { Issue${pageSize} },
  async run(sync) {
    for await (const page of sync.paginate<{ id: string | number; title: string }>('/issues', { params: { per_page: ${pageSize} } })) {
      await sync.save('Issue${pageSize}', page.map((issue) => ({ ...issue, id: String(issue.id) })));
    }
  },
});
`;

const rate = (run) => {
  const seconds = (Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000;
  return `${Math.round(run.counts.read / seconds).toLocaleString('en')}/s (${seconds.toFixed(1)} s, +${run.counts.added} ~${run.counts.updated} =${run.counts.unchanged})`;
};

const project = await createProject(
  Object.fromEntries(pageSizes.map((size) => [`integrations/sandbox/syncs/issues-${size}.ts`, syncOf(size)])),
);
const sandbox = await startSandbox({ SANDBOX_ISSUES: String(total), SANDBOX_RECORD_BYTES: '1000' });
const server = await startServer(project);
let peak = { rssMb: 0, pssMb: 0 };
const watch = setInterval(async () => {
  const memory = await memoryOfTree(server.child.pid);
  if (memory.pssMb > peak.pssMb) peak = memory;
}, 500);
try {
  await deploy(project, server);
  await connect(server, sandbox);
  for (const size of pageSizes) {
    printFigure(
      `first sync, ${size} a page`,
      rate(await runSync(server, `issues-${size}`)),
      `>= ${aims[size].first}/s`,
    );
    printFigure(
      `unchanged, ${size} a page`,
      rate(await runSync(server, `issues-${size}`)),
      `>= ${aims[size].unchanged}/s`,
    );
  }
  await sandbox.control('advance', { updates: total, deletes: 0, adds: 0 });
  for (const size of pageSizes)
    printFigure(`all changed, ${size} a page`, rate(await runSync(server, `issues-${size}`)));
  printFigure('peak memory, server + workers + Postgres', `${peak.pssMb} MB PSS, ${peak.rssMb} MB RSS`, '<= 600 MB');

  const startedAt = performance.now();
  let read = 0;
  for (let cursor = ''; cursor !== null;) {
    const page = await server.call(
      'GET',
      `/v1/connections/sandbox/acme/records/Issue100?limit=1000${cursor && `&cursor=${cursor}`}`,
    );
    read += page.items.length;
    cursor = page.nextCursor;
  }
  const seconds = (performance.now() - startedAt) / 1000;
  printFigure(
    'records read, 1,000 a page, one client',
    `${Math.round(read / seconds).toLocaleString('en')}/s`,
    '>= 50,000/s',
  );
} finally {
  clearInterval(watch);
  await server.stop();
  await sandbox.stop();
  await project.remove();
}
