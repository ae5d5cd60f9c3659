// 100,000 schedules on one server, without scripts: how late a due sync is queued and handed to a worker's place, and what
// the process takes for it. The scheduler, the queue and Postgres are the server's own; the runs end where they begin.
import pino from 'pino';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describeLatencies, printFigure } from '../harness/figures.mjs';
import { repository } from '../harness/processes.mjs';

const dist = path.join(repository, 'packages/server/dist');
const load = (file) => import(path.join(dist, file));
const { startEmbeddedPostgres } = await load('database/embedded/start-embedded-postgres.js');
const { connectDatabase } = await load('database/connect-database.js');
const { migrate } = await load('database/migrate.js');
const { createTimeOrderedIds } = await load('database/time-ordered-ids.js');
const { createNotifications } = await load('engine/notifications/notifications.js');
const { createPgBossEngine } = await load('engine/pg-boss/pg-boss-engine.js');
const { createScheduler } = await load('engine/schedules/scheduler.js');
const { syncConnectionSchedules } = await load('engine/schedules/sync-connection-schedules.js');

const schedules = Number(process.env.BENCH_SCHEDULES ?? 100_000);
const everyMs = Number(process.env.BENCH_EVERY_MS ?? 600_000);
const seconds = Number(process.env.BENCH_MANY_SECONDS ?? 45);
const logger = pino({ level: 'warn' });

export async function measureMany() {
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'tenon-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDirectory, logger });
  const { database, pool, close } = await connectDatabase({
    connection: postgres.connectionString,
    poolSize: 8,
    logger,
  });
  try {
    await migrate(database);
    await measure({ database, pool });
  } finally {
    await close();
    await postgres.stop();
    await rm(dataDirectory, { recursive: true, force: true });
  }
}

async function measure({ database, pool }) {
  const { rows } = await pool.query(
    `insert into environments (name, active_version) values ('bench', 1) returning id`,
    [],
  );
  const environmentId = rows[0].id;
  await pool.query(
    `
    insert into connections (environment_id, integration, name, auth_mode, config, credentials, settings, metadata, created_at)
    select $1, 'bench', 'c' || n, 'none', '{}', '', '{}', '{}',
      now() - random() * $2::float8 * interval '1 millisecond'
    from generate_series(1, $3::int) n`,
    [environmentId, everyMs, schedules],
  );
  await pool.query(`analyze connections`, []);

  const manifest = (interval) => ({
    functions: [
      {
        kind: 'sync',
        integration: 'bench',
        name: 'tick',
        source: 'tick.ts',
        overlap: 'skip',
        schedule: { type: 'interval', everyMs: interval },
      },
    ],
  });
  const deploy = async (what, interval) => {
    const startedAt = performance.now();
    await database
      .transaction()
      .execute((transaction) => syncConnectionSchedules(transaction, { environmentId, manifest: manifest(interval) }));
    const took = ((performance.now() - startedAt) / 1_000).toFixed(2);
    printFigure(`deploy over ${schedules.toLocaleString('en')} connections: ${what}`, `${took} s`, '< 10 s');
  };
  await deploy('a new sync', everyMs * 2);
  // As after their first runs: none is due at this moment.
  await pool.query(`update syncs set next_run_at = now() + interval '1 day'`, []);
  await deploy('a changed schedule', everyMs);
  await deploy('nothing changed', everyMs);
  await pool.query(`vacuum analyze syncs`, []);

  const queuedAt = new Map();
  const begunAt = new Map();
  const notifications = createNotifications({ pool, log: logger });
  const engine = createPgBossEngine({ pool, notifications, log: logger, concurrency: 8 });
  const scheduler = createScheduler({
    run: {
      database,
      log: logger,
      events: { publish() {} },
      owner: 'bench',
      now: Date.now,
      random: Math.random,
      newRunId: createTimeOrderedIds(Date.now),
    },
    engine: {
      async enqueue(...jobs) {
        await engine.enqueue(...jobs);
        const now = Date.now();
        for (const { runId } of jobs) queuedAt.set(runId, now);
      },
    },
    notifications,
    pollMs: 5_000,
  });
  await engine.start(async (runId) => {
    begunAt.set(runId, Date.now());
    await pool.query(`update runs set status = 'succeeded' where id = $1`, [runId]);
  });
  await scheduler.start();
  // The backlog of the set-up goes first.
  await delay(5_000);
  const since = new Date();
  const cpu = process.cpuUsage();
  await delay(seconds * 1_000);
  const used = process.cpuUsage(cpu);
  const until = new Date(Date.now() - 2_000);
  await scheduler.stop();
  await engine.stop({ graceMs: 1_000 });
  await notifications.close();

  const due = await pool.query(
    `select id, extract(epoch from due_at) * 1000 as due from runs
    where due_at >= $1 and due_at < $2`,
    [since, until],
  );
  const late = (times) => due.rows.flatMap(({ id, due: at }) => (times.has(id) ? [times.get(id) - Number(at)] : []));
  const lost = await pool.query(`select count(*)::int as count from syncs where next_run_at < $1`, [until]);
  const what = `${schedules.toLocaleString('en')} schedules every ${everyMs / 60_000} m`;
  printFigure(`${what}: due -> queued`, describeLatencies(late(queuedAt)), 'p99 < 250 ms');
  printFigure(`${what}: due -> begun`, describeLatencies(late(begunAt)), 'p99 < 250 ms');
  const share = ((used.user + used.system) / 1_000_000 / seconds) * 100;
  printFigure(`${what}: CPU of the server's process`, `${share.toFixed(0)} % of one core`);
  printFigure(`${what}: memory of the server's process`, `${Math.round(process.memoryUsage.rss() / 2 ** 20)} MB`);
  if (lost.rows[0].count > 0) throw new Error(`${lost.rows[0].count} due syncs were not looked at.`);
  await explain(pool);
}

/** The look-ups of the scheduler must be index scans, however many schedules there are. */
async function explain(pool) {
  const now = new Date();
  const { rows } = await pool.query(
    `explain (analyze, format text)
    select s.id from syncs s where s.next_run_at <= $1 and not s.paused and s.waits_for is null
    order by s.next_run_at limit 500 for no key update of s skip locked`,
    [now],
  );
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
  if (!plan.includes('syncs_due') || plan.includes('Seq Scan'))
    throw new Error(`The due syncs are not found by index:\n${plan}`);
}

if (process.argv[1] === import.meta.filename) await measureMany();
