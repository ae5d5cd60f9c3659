import type { Pool } from 'pg';
import { PgBoss } from 'pg-boss';
import type { Engine, EngineJob, RunHandler } from '../engine.ts';
import type { EngineLog } from '../engine-log.ts';
import type { Notifications } from '../notifications/notifications.ts';
import { createDispatcher, type Dispatcher } from './dispatcher.ts';
import { poolDatabase } from './pool-database.ts';

export interface PgBossEngineOptions {
  readonly pool: Pool;
  readonly notifications: Notifications;
  readonly log: EngineLog;
  /** Runs at a time in this process. */
  readonly concurrency: number;
  /** How often to look for jobs whose wake-up was lost, in milliseconds. Default 2,000. */
  readonly pollMs?: number;
  /** The Postgres schema of the queue. Default `pgboss`. */
  readonly schema?: string;
}

const queue = 'tenon-runs';

/**
 * The engine on pg-boss. Of pg-boss it uses the queue (insert, fetch, touch, delete, fail, and the supervision of jobs
 * whose process died); its own worker loop is replaced by dispatcher.ts, because a pg-boss worker with a concurrency
 * of n fetches n times for one new job, and sleeps on a backlog that arrived with one notification.
 */
export function createPgBossEngine(options: PgBossEngineOptions): Engine {
  const { pool, log } = options;
  let dispatcher: Dispatcher | undefined;
  let opening: Promise<PgBoss> | undefined;

  const boss = new PgBoss({
    db: poolDatabase(pool, options.notifications, () => dispatcher?.wake()),
    schema: options.schema ?? 'pgboss',
    useListenNotify: true,
    // Tenon has schedules of its own; a registry row, flows and index rebuilds serve nothing here.
    schedule: false,
    registerInstance: false,
    reindex: false,
    monitorVacuum: false,
    openTelemetry: { enabled: false },
    // A job of a dead process is handed out again within the heartbeat plus this; runs are reclaimed sooner by their
    // own heartbeat (runs/reaper.ts), so the queue's may be lazy and cheap.
    superviseIntervalSeconds: 30,
    monitorIntervalSeconds: 30,
    maintenanceIntervalSeconds: 3_600,
    flowIntervalSeconds: 86_400,
    bamIntervalSeconds: 600,
    queueCacheIntervalSeconds: 600,
  });
  boss.on('error', (error) => log.error({ err: error }, 'the queue reported an error'));
  boss.on('warning', (warning) => log.warn({ warning }, 'the queue reported a warning'));

  /** Opened by whoever comes first: runs may be enqueued before this process begins to take them. */
  function open(): Promise<PgBoss> {
    opening ??= openQueue(boss).catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  }

  async function enqueue(...jobs: readonly EngineJob[]): Promise<void> {
    if (jobs.length === 0) return;
    await open();
    await boss.insert(queue, jobs.map(toInsert));
    // In the same process there is no need to wait for the notification to come back.
    dispatcher?.wake();
  }

  return {
    enqueue,
    async start(handler: RunHandler) {
      if (dispatcher) throw new Error('The engine was started twice.');
      await open();
      dispatcher = createDispatcher({
        boss,
        queue,
        handler,
        log,
        concurrency: options.concurrency,
        pollMs: options.pollMs ?? 2_000,
      });
      dispatcher.wake();
    },
    async stop({ graceMs }) {
      await dispatcher?.stop(graceMs);
      if (opening) await boss.stop({ graceful: false, close: false });
      opening = undefined;
      dispatcher = undefined;
    },
  };
}

async function openQueue(boss: PgBoss): Promise<PgBoss> {
  await boss.start();
  const settings = {
    notify: true,
    // A handler that rejects says that its process cannot take the run now (the database does not answer): try again,
    // more and more slowly, for as long as it takes.
    retryLimit: 1_000_000,
    retryDelay: 1,
    retryBackoff: true,
    retryDelayMax: 30,
    heartbeatSeconds: 30,
    // pg-boss's longest. A run that takes longer is handed out a second time, which its claim refuses.
    expireInSeconds: 24 * 3_600,
    retentionSeconds: 365 * 24 * 3_600,
    deleteAfterSeconds: 3_600,
  };
  // `short`: one waiting job per singletonKey, which is the run's id.
  await boss.createQueue(queue, { policy: 'short', ...settings });
  await boss.updateQueue(queue, settings);
  return boss;
}

function toInsert(job: EngineJob) {
  return {
    data: { runId: job.runId, priority: job.priority },
    singletonKey: job.runId,
    priority: job.priority,
    ...(job.startAfterMs === undefined ? {} : { startAfter: new Date(job.startAfterMs).toISOString() }),
  };
}
