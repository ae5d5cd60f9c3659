import assert from 'node:assert/strict';
import type { ChangesPage, Run } from '@tenon/runtime/contract';
import { createGate, type EngineRoom } from '../../../packages/server/src/engine/testing/engine-room.ts';
import type { RunOutcome, RunRequest } from '../../../packages/server/src/workers/run-request.ts';
import { listChanges } from '../../../packages/server/src/records/reading/list-changes.ts';
import { createFeedReader, type FeedReader } from './feed-reader.ts';
import type { Delivery, Fault, History, RunStep } from './history.ts';
import { addConnection } from './storm-room.ts';
import { createStormProvider } from './storm-provider.ts';
import { startStormServer, type StormServer } from './storm-server.ts';
import { stormSyncs, toRow, type StormSync } from './storm-syncs.ts';
import { workThroughStorm, type WorkerStorm } from './storm-worker.ts';
import { readStoredState } from './stored-state.ts';
import { Truth, type Item } from './truth.ts';
import type { VirtualTime } from './virtual-time.ts';

const maxQuietRuns = 8;

/**
 * Plays a history from a new connection on, then lets the storm pass and compares the store with the truth.
 * @throws AssertionError for the first promise that does not hold
 */
export async function playHistory(room: EngineRoom, time: VirtualTime, history: History): Promise<void> {
  const { name: connection, id: connectionId } = await addConnection(room);
  const truth = new Truth(history.initial);
  const stormSync: StormSync = stormSyncs[history.sync];
  const { knowsDeletions, manifest, resumes = false, drift } = stormSync;
  const { callMs } = history;
  const provider = createStormProvider({ truth, time, callMs, ...(drift && { serve: drift }) });
  provider.listing.pageSize = history.pageSize;
  const readers: FeedReader[] = [];
  const frozen: Array<{ thaw(): void; ended: Promise<void> }> = [];
  const all: StormServer[] = [];
  let storm: WorkerStorm;
  let staleCommits = 0;
  /** Of the run that is on. */
  let beside: NonNullable<RunStep['beside']> = [];
  let server = await startServer();
  const other = stormSync.takesEvents ? await startOther() : undefined;

  async function startServer(): Promise<StormServer> {
    const started = await startStormServer(room, {
      work: (request) => work(request, storm),
      now: () => time.now(),
    });
    all.push(started);
    return started;
  }

  /** Takes events, undisturbed, while the first one is in its storm. */
  async function startOther(): Promise<StormServer> {
    const calm: WorkerStorm = {
      fault: undefined,
      thaw: Promise.resolve(),
      onFreeze: () => undefined,
      onStaleCommit: () => undefined,
      onCancel: () => Promise.resolve(),
    };
    const started = await startStormServer(room, { work: (request) => work(request, calm), now: () => time.now() });
    all.push(started);
    return started;
  }

  function work(request: RunRequest, during: WorkerStorm): Promise<RunOutcome> {
    const { mended, definition } = stormSync;
    const isReplay = request.start.sync?.mode === 'replay';
    return workThroughStorm(request, {
      definition: isReplay && mended ? mended : definition,
      dispatcher: provider.dispatcher,
      time,
      storm: during,
    });
  }

  const place = { environmentId: room.environmentId, integration: 'tracker', connection, sync: manifest.name };

  /**
   * Deliveries, and starts of servers, are one at a time: a start takes whatever another server runs for lost. A run that
   * is taken away does not wait for the deliveries beside it: the history does.
   */
  let turn: Promise<unknown> = Promise.resolve();
  function inTurn<Result>(task: () => Promise<Result>): Promise<Result> {
    const done = turn.then(task);
    turn = done.catch(() => undefined);
    return done;
  }

  let failedDelivery: { error: unknown } | undefined;
  function deliver(delivery: Delivery): Promise<void> {
    const delivered = inTurn(() => deliverNow(delivery));
    delivered.catch((error: unknown) => (failedDelivery ??= { error }));
    return delivered;
  }

  async function deliverNow({ places }: Delivery): Promise<void> {
    for (const number of places) {
      const event = truth.events[number % Math.max(1, truth.events.length)];
      if (!event || !other) continue;
      const { run: queued } = await other.service.forwardEvent({ ...place, headers: {}, body: event });
      await other.execute(queued.id);
      // The first server may be dead.
      const { status, error } = await other.service.getRun({ ...place, runId: queued.id });
      assert.equal(status, 'succeeded', JSON.stringify(error));
    }
  }

  async function replay(): Promise<void> {
    const { id } = (await server.service.replayQuarantine(place)).run;
    await server.execute(id);
    const { status, error } = await getRun(id);
    assert.equal(status, 'succeeded', JSON.stringify(error));
    assert.equal((await readState()).quarantined.size, 0, 'a replay with a model that fits leaves something behind');
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
      besideCommit: async (page) => {
        const now = beside.filter((delivery) => delivery.page === page);
        for (const delivery of now) await deliver(delivery);
      },
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
    await turn;
    // A run whose end could not be written is found by its silent heartbeat, which another start stands for.
    const isAbandoned = (await getRunStatus(runId)) === 'running';
    if (isFrozen || isAbandoned || server.mortality.isDead) server = await inTurn(startServer);
  }

  async function thawAll(): Promise<void> {
    for (const { thaw, ended } of frozen.splice(0)) {
      thaw();
      await ended;
    }
    await turn;
  }

  async function run(step: RunStep): Promise<Run> {
    const before = await readState();
    const { run: triggered } = await server.service.triggerSync({
      ...place,
      trigger: 'api',
    });
    // Runs of one millisecond could not tell what was observed before they began.
    time.pass(1_000);
    provider.beginRun(step.during);
    beside = step.beside ?? [];
    let isDisturbed = true;
    const versionOfRun = truth.version;
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
      // What an interrupted attempt read is not read again by one that goes on behind it.
      isDisturbed = truth.version !== (resumes ? versionOfRun : version) || fault?.kind === 'provider is empty';
      // While the one that was frozen is still there, and after the next attempt has begun.
      if (attempt > 0) await thawAll();
    }
  }

  async function checkEnd(ended: Run, before: ReadonlyMap<string, unknown>, step: RunStep): Promise<void> {
    if (failedDelivery) throw failedDelivery.error;
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
    const expectedRow = new Map(expected);
    for (const [id, row] of stored.quarantined) {
      const item = truth.get(id);
      assert.ok(item && !item.deleted, `${id} is in quarantine, and the provider has deleted it`);
      assert.deepEqual(row, toRow(drift?.(item) as Item), 'what is in quarantine is not what the provider says');
      expectedRow.delete(id);
    }
    const known = [...stored.live].filter(
      ([id]) => !stored.quarantined.has(id) && (knowsDeletions || expected.has(id)),
    );
    assert.deepEqual(bySorted(known), bySorted(expectedRow), 'the store is not what the provider has');
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
      else if (step.kind === 'events arrive') await deliver(step);
      else if (step.kind === 'reader joins') await joinReader();
      else await followAll();
    }
    await calmDown();
    // Once more, as late as can be, the newest first.
    if (other) await deliver({ places: truth.events.map((_, index) => truth.events.length - 1 - index) });
    await compareWithTruth();
    if (stormSync.mended) await replay();
    await compareWithTruth();
    await compareReaders();
  } finally {
    await thawAll().catch(() => undefined);
    await Promise.all(all.map((each) => each.stop()));
  }
}
