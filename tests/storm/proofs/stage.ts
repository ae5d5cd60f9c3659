import type { Run, SyncManifest } from '@tenon/runtime/contract';
import type { SyncDefinition } from '@tenon/runtime';
import { openEngineRoom, type EngineRoom } from '../../../packages/server/src/engine/testing/engine-room.ts';
import { createRecordDecisions, type RecordDecisions } from '../../../packages/server/src/records/record-decisions.ts';
import type { Fault } from '../history/history.ts';
import type { MemoryAnswer } from '../history/memory-dispatcher.ts';
import { createStormProvider, type StormProvider } from '../history/storm-provider.ts';
import { startStormServer, type StormServer } from '../history/storm-server.ts';
import type { Row } from '../history/storm-syncs.ts';
import { workThroughStorm, type WorkerStorm } from '../history/storm-worker.ts';
import { readStoredState, type StoredState } from '../history/stored-state.ts';
import { Truth, type Item } from '../history/truth.ts';
import { startVirtualTime, type VirtualTime } from '../history/virtual-time.ts';

/** One sync on the real run service, executor, store and script runner, with a provider in memory. */
export interface Stage {
  readonly room: EngineRoom;
  readonly time: VirtualTime;
  readonly server: StormServer;
  readonly decisions: RecordDecisions;
  /** Of the first connection, unless said otherwise. */
  readonly truth: Truth;
  readonly provider: StormProvider;
  /** What runs from now on. */
  definition: SyncDefinition;
  serve: (item: Item) => unknown;
  intercept: (path: string) => MemoryAnswer | undefined;
  /** What happens to the next attempts. */
  fault: Fault | undefined;
  beforeCommit: (page: { number: number; mode: string; connection: string }) => Promise<void>;
  place(connection?: string): { environmentId: number; integration: string; connection: string; sync: string };
  trigger(connection?: string): Promise<string>;
  /** Executes attempts, waiting as they say, until the run has ended. */
  finish(runId: string): Promise<Run>;
  getRun(runId: string): Promise<Run>;
  read(connection?: number): Promise<StoredState>;
  rows(connection?: number): Promise<Row[]>;
  close(): Promise<void>;
}

export async function openStage(
  manifest: SyncManifest,
  options: { definition: SyncDefinition; items: number; pageSize: number; connections?: number },
): Promise<Stage> {
  const room = await openEngineRoom({ functions: [manifest], connections: options.connections ?? 1 });
  const time = startVirtualTime();
  const truth = new Truth(options.items);
  const provider = createStormProvider({
    truth,
    time,
    // Longer than a page waits for more records: every page of the provider is one of the store.
    callMs: 2_500,
    serve: (item) => stage.serve(item),
    intercept: (path) => stage.intercept(path),
  });
  provider.listing.pageSize = options.pageSize;
  const calm: WorkerStorm = {
    fault: undefined,
    thaw: Promise.resolve(),
    onFreeze: () => undefined,
    onStaleCommit: () => undefined,
    onCancel: () => Promise.resolve(),
  };
  const server = await startStormServer(room, {
    now: () => time.now(),
    work: (request) =>
      workThroughStorm(request, {
        definition: stage.definition,
        dispatcher: provider.dispatcher,
        time,
        storm: {
          ...calm,
          fault: stage.fault,
          beforeCommit: (number) => {
            const mode = request.start.sync?.mode ?? '';
            return stage.beforeCommit({ number, mode, connection: request.start.connection.id });
          },
        },
      }),
  });
  const stage: Stage = {
    room,
    time,
    server,
    truth,
    provider,
    decisions: createRecordDecisions({ database: room.database, now: () => time.now(), keepHistory: true }),
    definition: options.definition,
    serve: (item) => item,
    intercept: () => undefined,
    fault: undefined,
    beforeCommit: () => Promise.resolve(),
    place: (connection = 'c1') => ({
      environmentId: room.environmentId,
      integration: 'tracker',
      connection,
      sync: manifest.name,
    }),
    async trigger(connection) {
      const { run } = await server.service.triggerSync({ ...stage.place(connection), trigger: 'api' });
      time.pass(1_000);
      return run.id;
    },
    async finish(runId) {
      for (let attempt = 0; attempt < 20; attempt += 1) {
        const run = await stage.getRun(runId);
        if (run.finishedAt !== null) return run;
        if (run.notBefore !== null) time.pass(Math.max(0, Date.parse(run.notBefore) - time.now()));
        provider.beginAttempt(stage.fault);
        await server.execute(runId);
      }
      throw new Error(`Run ${runId} does not end.`);
    },
    getRun: (runId) => server.service.getRun({ environmentId: room.environmentId, runId }),
    read: (connection = 0) => readStoredState(room, room.connectionIds[connection] ?? 0),
    rows: async (connection) => [...(await stage.read(connection)).live.values()],
    async close() {
      await server.stop();
      time.end();
      await room.close();
    },
  };
  return stage;
}
