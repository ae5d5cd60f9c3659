// 200 connections, each with a sync every 30 s: how long after it is due a run starts, and ends; then 100,000 schedules.
import { Client } from 'pg';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describeLatencies, printFigure } from '../harness/figures.mjs';
import { connect, createProject, deploy, startSandbox, startServer } from '../harness/world.mjs';
import { measureMany } from './many.mjs';

const connections = Number(process.env.BENCH_CONNECTIONS ?? 200);
const seconds = Number(process.env.BENCH_SECONDS ?? 75);

const project = await createProject({
  'integrations/sandbox/syncs/tick.ts': `import { defineSync, z } from '@tenon/runtime';
const Me = z.object({ id: z.string() });
export default defineSync({
  models: { Me },
  schedule: 'every 30s',
  async run(sync) {
    await sync.get('/me');
    await sync.save('Me', [{ id: 'me' }]);
  },
});
`,
});
const sandbox = await startSandbox();
const server = await startServer(project);
const postgres = path.join(project.root, '.tenon/postgres');
const client = new Client({
  host: path.join(postgres, 'data'),
  port: 5432,
  user: 'tenon',
  database: 'postgres',
  password: (await readFile(path.join(postgres, 'password'), 'utf8')).trim(),
});
try {
  await client.connect();
  await deploy(project, server);
  for (let n = 0; n < connections; n += 1) await connect(server, sandbox, `customer-${n}`);
  // The first run of each begins when it is connected; from here on only ticks count.
  await delay(5_000);
  const since = new Date();
  await delay(seconds * 1_000);
  // The API does not say when a run was due, so the runs are read from the database.
  const { rows } = await client.query(
    `select extract(epoch from started_at - due_at) * 1000 as started, extract(epoch from finished_at - due_at) * 1000 as done
    from runs where trigger = 'schedule' and due_at >= $1 and finished_at is not null and status = 'succeeded'`,
    [since],
  );
  const { rows: late } = await client.query(
    `select count(*)::int as count from runs where due_at >= $1 and status not in ('succeeded', 'queued', 'running')`,
    [since],
  );
  const what = `${connections} connections every 30 s`;
  printFigure(`${what}: due -> started`, describeLatencies(rows.map(({ started }) => Number(started))));
  printFigure(
    `${what}: due -> done`,
    describeLatencies(rows.map(({ done }) => Number(done))),
    'p50 < 100 ms, p95 < 300 ms',
  );
  if (late[0].count > 0) throw new Error(`${late[0].count} runs did not succeed.`);
} finally {
  await client.end();
  await server.stop();
  await sandbox.stop();
  await project.remove();
}

await measureMany();
