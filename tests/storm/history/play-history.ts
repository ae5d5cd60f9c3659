import assert from 'node:assert/strict';
import type { ChangesPage, Run } from '@tenon/runtime/contract';
import { createGate, type EngineRoom } from '../../../packages/server/src/engine/testing/engine-room.ts';
import { listChanges } from '../../../packages/server/src/records/reading/list-changes.ts';
import { createFeedReader, type FeedReader } from './feed-reader.ts';
import type { Fault, History, RunStep } from './history.ts';
import { addConnection } from './storm-room.ts';
import { createStormProvider } from './storm-provider.ts';
import { startStormServer, type StormServer } from './storm-server.ts';
import { stormSyncs, toRow } from './storm-syncs.ts';
import { workThroughStorm, type WorkerStorm } from './storm-worker.ts';
import { readStoredState } from './stored-state.ts';
import { Truth } from './truth.ts';
import type { VirtualTime } from './virtual-time.ts';

const maxQuietRuns = 8;

/**
 * Plays a history from a new connection on, then lets the storm pass and compares the store with the truth.
 * @throws AssertionError for the first promise that does not hold
 */
export async function playHistory(room: EngineRoom, time: VirtualTime, history: History): Promise<void> {
  const { name: connection, id: connectionId } = await addConnection(room);
  const truth = new Truth(history.initial);
  const provider = createStormProvider({ truth, time, callMs: history.callMs });
  provider.listing.pageSize = history.pageSize;
  const { knowsDeletions, manifest } = stormSyncs[history.sync];
  const readers: FeedReader[] = [];
  const frozen: Array<{ thaw(): void; ended: Promise<void> }> = [];
  const all: StormServer[] = [];
  let storm: WorkerStorm;
  let staleCommits = 0;
  let server = await startServer();

  async function startServer(): Promise<StormServer> {
    const started = await startStormServer(room, {
      work: (request) => workThroughStorm(request, { dispatcher: provider.dispatcher, time, storm }),
      now: () => time.now(),
    });
    all.push(started);
    return started;
  }

  function readState() {
    return readStoredState(room, connectionId);
  }

  function getRun(runId: string): Promise<Run> {
    return server.service.getRun({ environmentId: room.environmentId, runId });
  }

  async function getRunStatus(runId: string): Promise<string | undefined> {
    const { rows } = await room.pool.query<{ status: string }>('select status from runs where id = $1', [runId]);
    return rows[0]?.status;
  }

  async function executeAttempt(runId: string, fault: Fault | undefined): Promise<void> {
    const thaw = createGate();
    const froze = createGate();
    storm = {
      fault,
      thaw: thaw.opened,
      onFreeze: () => froze.open(),
      onStaleCommit: () => (staleCommits += 1),
      onCancel: async () => {
        await server.service.cancelRun({ environmentId: room.environmentId, runId });
      },
    };
    provider.beginAttempt(fault);
    if (fault?.kind === 'server dies') server.mortality.dieAfter(fault.statement);
    if (fault?.kind === 'statement fails') server.mortality.failOnceAfter(fault.statement);
    const ended = server.execute(runId).catch((error: unknown) => {
      if (fault?.kind === 'server dies' || fault?.kind === 'statement fails') return;
      throw error;
    });
    const isFrozen = await Promise.race([ended.then(() => false), froze.opened.then(() => true)]);
    if (isFrozen) frozen.push({ thaw: () => thaw.open(), ended });
    server.mortality.spare();
    // A run whose end could not be written is found by its silent heartbeat, which another start stands for.
    const isAbandoned = (await getRunStatus(runId)) === 'running';
    if (isFrozen || isAbandoned || server.mortality.isDead) server = await startServer();
  }

  async function thawAll(): Promise<void> {
    for (const { thaw, ended } of frozen.splice(0)) {
      thaw();
      await ended;
    }
  }

  async function run(step: RunStep): Promise<Run> {
    const before = await readState();
    const { run: triggered } = await server.service.triggerSync({
      environmentId: room.environmentId,
      integration: 'tracker',
      connection,
      sync: manifest.name,
      trigger: 'api',
    });
    // Runs of one millisecond could not tell what was observed before they began.
    time.pass(1_000);
    provider.beginRun(step.during);
    let isDisturbed = true;
    for (let attempt = 0; ; attempt += 1) {
      const now = await getRun(triggered.id);
      if (now.finishedAt !== null) {
        await thawAll();
        await checkEnd(now, before.live, step);
        if (now.status === 'succeeded' && !isDisturbed) await compareWithTruth();
        return now;
      }
      assert.ok(attempt < 20, `Run ${now.id} does not end: ${JSON.stringify(now)}`);
      const meanwhile = attempt === 0 ? undefined : step.between[attempt - 1];
      if (meanwhile) truth.mutate(meanwhile);
      time.pass(10);
      const job = server.jobs.findIndex(({ runId }) => runId === triggered.id);
      const [given] = job === -1 ? [] : server.jobs.splice(job, 1);
      if (given?.startAfterMs !== undefined) time.pass(Math.max(0, given.startAfterMs - time.now()));
      const fault = step.faults[attempt];
      const { version } = truth;
      await executeAttempt(triggered.id, fault);
      isDisturbed = truth.version !== version || fault?.kind === 'provider is empty';
      // While the one that was frozen is still there, and after the next attempt has begun.
      if (attempt > 0) await thawAll();
    }
  }

  async function checkEnd(ended: Run, before: ReadonlyMap<string, unknown>, step: RunStep): Promise<void> {
    assert.equal(staleCommits, 0, 'a server wrote a page of a run that was no longer its own');
    const { read, added, updated, unchanged, quarantined } = ended.counts;
    assert.equal(
      read,
      added + updated + unchanged + quarantined,
      `the counts of ${JSON.stringify(ended)} do not add up`,
    );
    const after = await readState();
    assert.equal(after.shared, 0, 'two records have one position');
    assert.equal(after.liveCount, after.live.size, 'the dataset counts other records than it has');
    assert.ok(after.highest <= after.position, 'a record has a position that was not given out');
    if (step.isKept === true || (manifest.deletes === 'absence' && ended.status !== 'succeeded')) {
      for (const id of before.keys()) assert.ok(after.live.has(id), `a run that ${ended.status} deleted ${id}`);
    }
    assert.notEqual(ended.error?.code, 'internal', JSON.stringify(ended));
  }

  function addReader(datasetId: number): void {
    readers.push(
      createFeedReader(
        async (cursor) => JSON.parse(await listChanges(room.database, { datasetId, cursor, limit: 3 })) as ChangesPage,
      ),
    );
  }

  async function joinReader(): Promise<void> {
    const { datasetId } = await readState();
    if (datasetId !== undefined) addReader(datasetId);
    await followAll();
  }

  async function followAll(): Promise<number> {
    let count = 0;
    for (const reader of readers) count += await reader.follow();
    return count;
  }

  async function calmDown(): Promise<void> {
    for (let number = 0; number < maxQuietRuns; number += 1) {
      const { status, counts, error } = await run({ kind: 'run', faults: [], between: [], during: [] });
      assert.equal(status, 'succeeded', JSON.stringify(error));
      if (counts.added + counts.updated + counts.deleted === 0) return;
    }
    assert.fail('quiet runs go on finding changes');
  }

  const bySorted = (rows: Iterable<[string, unknown]>) => [...rows].sort(([a], [b]) => (a < b ? -1 : 1));

  async function compareWithTruth(): Promise<void> {
    const stored = await readState();
    const expected = new Map(truth.live().map((item) => [item.id, toRow(item)]));
    const known = knowsDeletions ? stored.live : new Map([...stored.live].filter(([id]) => expected.has(id)));
    assert.deepEqual(bySorted(known), bySorted(expected), 'the store is not what the provider has');
  }

  async function compareReaders(): Promise<void> {
    await joinReader();
    const stored = await readState();
    for (const { records } of readers) {
      assert.deepEqual(bySorted(records), bySorted(stored.live), 'a reader of the feed holds something else');
    }
    await run({ kind: 'run', faults: [], between: [], during: [] });
    assert.equal(await followAll(), 0, 'a run that found nothing new is in the feed');
  }

  try {
    for (const step of history.steps) {
      if (step.kind === 'run') await run(step);
      else if (step.kind === 'mutate') truth.mutate(step.mutation);
      else if (step.kind === 'reader joins') await joinReader();
      else await followAll();
    }
    await calmDown();
    await compareWithTruth();
    await compareReaders();
  } finally {
    await thawAll().catch(() => undefined);
    await Promise.all(all.map((each) => each.stop()));
  }
}
