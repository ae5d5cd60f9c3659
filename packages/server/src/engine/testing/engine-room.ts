import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Pool } from 'pg';
import type { Manifest, Run } from '@tenon/runtime/contract';
import type { OutgoingPage } from '@tenon/runtime/execute';
import type { Schema } from '../../database/schema.ts';
import { createCaptureStore } from '../../captures/capture-store.ts';
import { createKeyring } from '../../credentials/keyring.ts';
import { createTestDatabase } from '../../database/testing/create-test-database.ts';
import { createRecordStore } from '../../records/record-store.ts';
import type { EngineLog } from '../engine-log.ts';
import { createRunService, type RunService, type RunServiceOptions, type RunSettings } from '../run-service.ts';
import type { RecordStore } from '../../records/record-store.ts';
import { readRunLimits } from '../runs/run-limits.ts';
import type { RunPorts } from '../runs/run-ports.ts';
import type { RunOutcome, RunRequest } from '../../workers/run-request.ts';
import { syncConnectionSchedules } from '../schedules/sync-connection-schedules.ts';
import { testAction, testManifest, testSync, type TestLimits } from './test-manifest.ts';

const silent = () => undefined;
export const silentLog: EngineLog = { debug: silent, info: silent, warn: silent, error: silent };

/** What stands in for the pool of processes: the script itself. */
export type Script = (request: RunRequest) => Promise<RunOutcome>;

export interface EngineRoom {
  readonly database: Kysely<Schema>;
  readonly pool: Pool;
  readonly environmentId: number;
  /** Of the connections c1, c2, ... */
  readonly connectionIds: readonly number[];
  /** A server on the room's database, not yet started; it is stopped with the room. */
  openServer(
    script: Script,
    settings?: Partial<RunSettings>,
    more?: Partial<RunServiceOptions> & { records?: RecordStore } & Partial<
        Pick<RunPorts, 'captures' | 'confirmRefusal' | 'readVariable'>
      >,
  ): RunService;
  deploy(functions: Manifest['functions'], options?: { now?: Date; limits?: TestLimits }): Promise<void>;
  /** Resolves with the run as soon as it has ended. */
  ended(runId: string): Promise<Run>;
  /** Of the first sync that has one. */
  readCursor(): Promise<string | number | undefined>;
  /** Of every sync. */
  setCursor(cursor: string | number): Promise<void>;
  close(): Promise<void>;
}

const refuse: RunPorts['confirmRefusal'] = () => Promise.resolve('refused');

const noVariable: RunPorts['readVariable'] = () => Promise.resolve(undefined);

/** A script that says nothing of what it saved is given the words of a worker that counted. */
async function countAsWorker(script: Script, request: RunRequest): Promise<RunOutcome> {
  let read = 0;
  const outcome = await script({
    ...request,
    async onPage(page) {
      const committed = await request.onPage(page);
      read += page.records.length + page.quarantined.length - committed.conflicts.length;
      return committed;
    },
  });
  if (outcome.status !== 'succeeded' || outcome.sync || !request.start.sync) return outcome;
  return { ...outcome, sync: { read, partitions: { total: 0, failed: [] } } };
}

/** A database with one environment, a deployed manifest and connections. */
export async function openEngineRoom(
  options: { functions?: Manifest['functions']; connections?: number; now?: Date } = {},
): Promise<EngineRoom> {
  const { database, pool, drop } = await createTestDatabase({ poolSize: 12 });
  const services: RunService[] = [];
  const { id: environmentId } = await database
    .insertInto('environments')
    .values({ name: 'dev' })
    .returning('id')
    .executeTakeFirstOrThrow();
  const connectionIds: number[] = [];
  for (let number = 1; number <= (options.connections ?? 1); number++) {
    connectionIds.push(await insertConnection(database, { environmentId, name: `c${number}`, madeAt: options.now }));
  }
  let version = 0;

  async function deploy(
    functions: Manifest['functions'],
    { now, limits: tested }: { now?: Date; limits?: TestLimits } = {},
  ): Promise<void> {
    version++;
    const manifest = testManifest(functions, tested);
    await database
      .insertInto('deployments')
      .values({
        environment_id: environmentId,
        version,
        manifest: JSON.stringify(manifest),
        message: null,
        external_id: null,
        deployed_by: null,
        source: null,
        changes: null,
      })
      .execute();
    const limits = readRunLimits(manifest);
    await database
      .updateTable('environments')
      .set({ active_version: version, limits: limits && JSON.stringify(limits) })
      .execute();
    await syncConnectionSchedules(database, { environmentId, manifest, ...(now ? { now } : {}) });
  }
  await deploy(options.functions ?? [testSync(), testAction()], options.now ? { now: options.now } : {});

  const room: EngineRoom = {
    database,
    pool,
    environmentId,
    connectionIds,
    deploy,
    openServer(
      script,
      settings = {},
      {
        records = createRecordStore({ now: Date.now }),
        confirmRefusal = refuse,
        readVariable = noVariable,
        captures = createCaptureStore({ database, keyring: createKeyring(Buffer.alloc(32)), days: 7, now: Date.now }),
        ...more
      } = {},
    ) {
      const service = createRunService({
        database,
        pool,
        log: silentLog,
        settings: { concurrency: 4, soleOwner: false, ...settings },
        ports: {
          workers: { execute: (request) => countAsWorker(script, request) },
          records,
          captures,
          getRequestValues: () => Promise.resolve({}),
          getActiveCredential: () => Promise.resolve({ mode: 'none', fields: {} }),
          confirmRefusal,
          readVariable,
        },
        ...more,
      });
      services.push(service);
      return service;
    },
    async ended(runId) {
      const [service] = services;
      if (!service) throw new Error('Open a server first.');
      for (;;) {
        const run = await service.getRun({ environmentId, runId });
        if (run.finishedAt !== null) return run;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    async readCursor() {
      const state = await database.selectFrom('sync_states').select('cursor').executeTakeFirst();
      return state?.cursor ?? undefined;
    },
    async setCursor(cursor) {
      const syncs = await database.selectFrom('syncs').select('id').execute();
      await database
        .insertInto('sync_states')
        .values(
          syncs.map(({ id }) => ({
            sync_id: id,
            cursor: JSON.stringify(cursor),
            checkpoint: null,
            updated_at: new Date(),
          })),
        )
        .execute();
    },
    async close() {
      await Promise.all(services.map((service) => service.stop({ graceMs: 0 })));
      await drop();
    },
  };
  return room;
}

async function insertConnection(
  database: Kysely<Schema>,
  { environmentId, name, madeAt }: { environmentId: number; name: string; madeAt: Date | undefined },
): Promise<number> {
  const { id } = await database
    .insertInto('connections')
    .values({
      environment_id: environmentId,
      integration: 'tracker',
      name,
      auth_mode: 'none',
      config: '{}',
      credentials: Buffer.alloc(0),
      token: null,
      token_expires_at: null,
      settings: '{}',
      metadata: '{}',
      ...(madeAt && { created_at: madeAt }),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return Number(id);
}

/** A page of issues with these ids. */
export function pageOf(sequence: number, ids: readonly string[], more: Partial<OutgoingPage> = {}): OutgoingPage {
  const records = ids.map((id) => {
    const json = JSON.stringify({ id });
    return { id, hash: createHash('sha256').update(json).digest().subarray(0, 16), json, observedMs: Date.now() };
  });
  return {
    sequence,
    partition: '',
    model: 'Issue',
    records,
    deletedIds: [],
    deletedObservedMs: Date.now(),
    quarantined: [],
    settledQuarantine: [],
    ...more,
  };
}

/** Something that happens once: `open` it, or wait for it. */
export function createGate<Value = void>(): { open(value: Value): void; opened: Promise<Value> } {
  let open: (value: Value) => void = () => undefined;
  const opened = new Promise<Value>((resolve) => {
    open = resolve;
  });
  return { open: (value) => open(value), opened };
}

/** How the pool ends a run whose signal is aborted. */
export function untilAborted(request: RunRequest): Promise<RunOutcome> {
  const outcome: RunOutcome = {
    status: 'cancelled',
    error: { code: 'run_cancelled', message: 'The run was cancelled.' },
  };
  return new Promise((resolve) => {
    const end = () => resolve(outcome);
    if (request.signal.aborted) end();
    else request.signal.addEventListener('abort', end, { once: true });
  });
}
