import { createGate, silentLog, type EngineRoom } from '../../../packages/server/src/engine/testing/engine-room.ts';
import {
  createMortalDatabase,
  type MortalDatabase,
} from '../../../packages/server/src/database/testing/mortal-database.ts';
import type { Engine, EngineJob } from '../../../packages/server/src/engine/engine.ts';
import type { Notifications } from '../../../packages/server/src/engine/notifications/notifications.ts';
import { createRunService, type RunService } from '../../../packages/server/src/engine/run-service.ts';
import { createRecordStore } from '../../../packages/server/src/records/record-store.ts';
import type { RunOutcome, RunRequest } from '../../../packages/server/src/workers/run-request.ts';

/** A server process of a storm: the real run service on a database that it may be cut off from at any statement. */
export interface StormServer {
  readonly service: RunService;
  readonly mortality: MortalDatabase;
  /** What the queue would hand out. */
  readonly jobs: EngineJob[];
  execute(runId: string): Promise<void>;
  stop(): Promise<void>;
}

const deaf: Notifications = {
  listen: () => Promise.resolve({ close: () => Promise.resolve() }),
  close: () => Promise.resolve(),
};

/** Starts a server that knows it is alone, as after a crash: what others were running is lost, and begins again. */
export async function startStormServer(
  room: EngineRoom,
  options: { work(request: RunRequest): Promise<RunOutcome>; now(): number },
): Promise<StormServer> {
  const mortality = createMortalDatabase(room.database);
  const jobs: EngineJob[] = [];
  const started = createGate<(runId: string, signal: AbortSignal) => Promise<void>>();
  const engine: Engine = {
    start: (handler) => Promise.resolve(started.open(handler)),
    stop: () => Promise.resolve(),
    enqueue: (...given) => {
      for (const job of given) if (!jobs.some(({ runId }) => runId === job.runId)) jobs.push(job);
      return Promise.resolve();
    },
  };
  const service = createRunService({
    database: mortality.database,
    pool: room.pool,
    log: silentLog,
    settings: { concurrency: 1, soleOwner: true, heartbeatMs: 3_600_000, staleAfterMs: 3_600_000, now: options.now },
    ports: {
      workers: { execute: options.work },
      captures: { isOn: false, keep: async () => undefined, read: () => Promise.reject(new Error('off')) },
      records: createRecordStore({ now: options.now }),
      getRequestValues: () => Promise.resolve({}),
      getActiveCredential: () => Promise.resolve({ mode: 'none', fields: {} }),
      confirmRefusal: () => Promise.resolve('refused'),
      readVariable: () => Promise.resolve(undefined),
    },
    notifications: deaf,
    engine,
  });
  await service.start();
  const handler = await started.opened;
  const never = new AbortController();
  return {
    service,
    mortality,
    jobs,
    execute: (runId) => handler(runId, never.signal),
    stop: () => service.stop({ graceMs: 0 }).catch(() => undefined),
  };
}
