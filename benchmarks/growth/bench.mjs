// How a sync, its memory and its readers grow with the number of records: 10,000, 100,000 and 1,000,000.
import { printFigure } from '../harness/figures.mjs';
import { memoryOfTree } from '../harness/processes.mjs';
import { connect, createProject, deploy, runSync, startSandbox, startServer } from '../harness/world.mjs';

const sizes = (process.env.BENCH_SIZES ?? '10000,100000,1000000').split(',').map(Number);

const sync = `import { defineSync, z } from '@tenon/runtime';
const Issue = z.looseObject({ id: z.string(), title: z.string() });
export default defineSync({
  models: { Issue },
  deletes: 'absence',
  async run(sync) {
    for await (const page of sync.paginate<{ id: string | number; title: string }>('/issues', { params: { per_page: 1000 } })) {
      await sync.save('Issue', page.map((issue) => ({ ...issue, id: String(issue.id) })));
    }
  },
});
`;

const inWords = (count) => count.toLocaleString('en');

/** Runs the sync, and looks at the memory of the server's own process and of the workers meanwhile. */
async function measure(server, connection) {
  const peak = { server: 0, worker: 0 };
  const watch = setInterval(async () => {
    const { parts } = await memoryOfTree(server.child.pid);
    for (const { pid, command, rssMb } of parts) {
      if (/postgres/i.test(command)) continue;
      const part = pid === server.child.pid ? 'server' : 'worker';
      peak[part] = Math.max(peak[part], rssMb);
    }
  }, 250);
  try {
    const run = await runSync(server, 'issues', connection);
    const seconds = (Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000;
    return { rate: run.counts.read / seconds, counts: run.counts, peak };
  } finally {
    clearInterval(watch);
  }
}

/** Reads everything, 1,000 a page; `what` is the list (records) or the feed (changes). */
async function readAll(server, connection, what) {
  const startedAt = performance.now();
  let read = 0;
  let cursor;
  do {
    const query = `limit=1000${cursor === undefined ? '' : `&cursor=${cursor}`}`;
    const page = await server.call('GET', `/v1/connections/sandbox/${connection}/${what}/Issue?${query}`);
    read += page.items.length;
    cursor = page.hasMore === false ? undefined : (page.nextCursor ?? undefined);
  } while (cursor !== undefined);
  return read / ((performance.now() - startedAt) / 1000);
}

const project = await createProject({ 'integrations/sandbox/syncs/issues.ts': sync });
const server = await startServer(project);
try {
  await deploy(project, server);
  for (const size of sizes) {
    const sandbox = await startSandbox({ SANDBOX_ISSUES: String(size), SANDBOX_RECORD_BYTES: '400' });
    const connection = `of-${size}`;
    try {
      await connect(server, sandbox, connection);
      const first = await measure(server, connection);
      const unchanged = await measure(server, connection);
      await sandbox.control('advance', { updates: size / 10, deletes: 0, adds: 0 });
      const changed = await measure(server, connection);
      const rates = [first, unchanged, changed].map(({ rate }) => `${inWords(Math.round(rate))}/s`).join(', ');
      printFigure(`${inWords(size)} records: first, unchanged, a tenth changed`, rates);
      const peak = (part) => Math.max(...[first, unchanged, changed].map((run) => run.peak[part]));
      printFigure(
        `${inWords(size)} records: peak RSS of the worker, of the server`,
        `${peak('worker')} MB, ${peak('server')} MB`,
        'independent of the size',
      );
      const [list, feed] = [await readAll(server, connection, 'records'), await readAll(server, connection, 'changes')];
      printFigure(
        `${inWords(size)} records read by one client: list, feed`,
        `${inWords(Math.round(list))}/s, ${inWords(Math.round(feed))}/s`,
      );
    } finally {
      await sandbox.stop();
    }
  }
} finally {
  await server.stop();
  await project.remove();
}
