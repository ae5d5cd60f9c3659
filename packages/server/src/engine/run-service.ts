import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Pool } from 'pg';
import { TenonError } from '@tenon/runtime/errors';
import type {
  ActionResult,
  BackfillRange,
  DryRunResult,
  LogEntry,
  Page,
  Run,
  RunCapture,
  SyncState,
  SyncStatus,
  Tick,
} from '@tenon/runtime/contract';
import type { Schema } from '../database/schema.ts';
import { createTimeOrderedIds } from '../database/time-ordered-ids.ts';
import { createAskHandlers } from './asks/create-ask-handlers.ts';
import type { Engine } from './engine.ts';
import type { EngineLog } from './engine-log.ts';
import { createNotifications, type Notifications } from './notifications/notifications.ts';
import { createPgBossEngine } from './pg-boss/pg-boss-engine.ts';
import { createRateAsks } from './rates/create-rate-asks.ts';
import { executeDryRun, type DryRun } from './dry-runs/execute-dry-run.ts';
import { callAction, type ActionCall } from './runs/call-action.ts';
import { cancelRun } from './runs/cancel-run.ts';
import { createLiveRuns } from './runs/live-runs.ts';
import { createManifests } from './runs/manifests.ts';
import { cancelChannel } from './runs/queries/request-cancel.ts';
import type { RunFilter } from './runs/queries/select-runs.ts';
import { createReaper } from './runs/reaper.ts';
import type { RunContext } from './runs/run-context.ts';
import { createRunEvents, type RunEvents } from './runs/run-events.ts';
import { createRunExecutor } from './runs/run-executor.ts';
import { createRunLogs } from './runs/run-logs.ts';
import type { RunPorts } from './runs/run-ports.ts';
import { getRun, listLogs, listRuns, type LogQuery } from './runs/run-queries.ts';
import { forwardEvent, type EventToForward } from './runs/forward-event.ts';
import { replayQuarantine } from './runs/replay-quarantine.ts';
import { retryRun } from './runs/retry-run.ts';
import { startBackfill } from './runs/start-backfill.ts';
import { triggerSync, type SyncTrigger, type TriggeredSync } from './runs/trigger-sync.ts';
import { applyActiveSchedules } from './schedules/apply-active-schedules.ts';
import { listSyncs } from './schedules/list-syncs.ts';
import { listTicks } from './schedules/list-ticks.ts';
import { createScheduler } from './schedules/scheduler.ts';
import { setSyncPaused } from './schedules/set-sync-paused.ts';
import { setSyncSchedule } from './schedules/set-sync-schedule.ts';
import type { SyncAddress } from './schedules/sync-address.ts';
import { listSyncStates } from './states/list-sync-states.ts';

export interface RunServiceOptions {
  readonly database: Kysely<Schema>;
  /** The database's pool; one connection of it is kept for LISTEN. */
  readonly pool: Pool;
  readonly ports: RunPorts;
  readonly log: EngineLog;
  readonly settings: RunSettings;
  /** Whoever hands it in closes it. Default: one of its own. */
  readonly notifications?: Notifications;
  /** Default: pg-boss in the same database. */
  readonly engine?: Engine;
}

export interface RunSettings {
  /** Queued runs that this process executes at a time. */
  readonly concurrency: number;
  /** No other server works on this database, as with the embedded one: what was running when it starts is lost. */
  readonly soleOwner: boolean;
  /** Milliseconds between two heartbeats. Default 5,000. */
  readonly heartbeatMs?: number;
  /** Age of a heartbeat at which its run counts as lost, in milliseconds. Default 15,000. */
  readonly staleAfterMs?: number;
  /** Unix time in milliseconds, for tests. */
  readonly now?: () => number;
  /** 0 <= random < 1, for tests. */
  readonly random?: () => number;
}

/** Everything about runs, for main.ts to compose and for http to call. */
export interface RunService {
  readonly events: RunEvents;
  start(): Promise<void>;
  /** Running runs get the grace; what is left then goes back into the queue. */
  stop(options: { graceMs: number }): Promise<void>;
  triggerSync(trigger: SyncTrigger): Promise<TriggeredSync>;
  callAction(call: ActionCall): Promise<ActionResult>;
  /** Executes a function and keeps nothing of it. */
  executeDryRun(dry: DryRun): Promise<DryRunResult>;
  cancelRun(options: { environmentId: number; runId: string }): Promise<Run>;
  getRun(options: { environmentId: number; runId: string }): Promise<Run>;
  /** @throws TenonError `capture_missing` with the reason */
  getCapture(options: { environmentId: number; runId: string }): Promise<RunCapture>;
  listRuns(
    options: { environmentId: number; cursor?: string | undefined; limit: number } & RunFilter,
  ): Promise<Page<Run>>;
  listLogs(
    options: { environmentId: number; cursor?: string | undefined; limit: number } & LogQuery,
  ): Promise<Page<LogEntry>>;
  /** Stores an event for a sync's onWebhook, and queues its run. */
  forwardEvent(event: EventToForward): Promise<TriggeredSync>;
  /** Queues a run that saves what is in quarantine once more. */
  replayQuarantine(sync: SyncAddress): Promise<TriggeredSync>;
  /** Queues a new run that does what an ended one did. */
  retryRun(options: { environmentId: number; runId: string }): Promise<TriggeredSync>;
  /** After a version became active, or for a connection that was made just now; harmless to repeat. */
  syncConnectionSchedules(options: { environmentId: number; connectionId?: number }): Promise<void>;
  setSyncPaused(options: SyncAddress & { paused: boolean }): Promise<void>;
  /** As somebody types it, such as "every 1h"; null: the code's. */
  setSyncSchedule(options: SyncAddress & { schedule: string | null }): Promise<void>;
  backfillSync(options: SyncAddress & { range: BackfillRange }): Promise<Run>;
  listTicks(options: SyncAddress & { cursor?: string | undefined; limit: number }): Promise<Page<Tick>>;
  listSyncStates(options: SyncAddress & { cursor?: string | undefined; limit: number }): Promise<Page<SyncState>>;
  listSyncs(options: {
    environmentId: number;
    integration?: string | undefined;
    connection?: string | undefined;
    cursor?: string | undefined;
    limit: number;
  }): Promise<Page<SyncStatus>>;
}

/** For a schedule whose wake-up was lost. */
const schedulePollMs = 5_000;

export function createRunService(options: RunServiceOptions): RunService {
  const { database, pool, ports, log, settings } = options;
  const now = settings.now ?? Date.now;
  const random = settings.random ?? Math.random;
  const events = createRunEvents((error) => log.error({ err: error }, 'a listener of live events failed'));
  const run: RunContext = {
    database,
    log,
    events,
    owner: randomUUID(),
    now,
    random,
    newRunId: createTimeOrderedIds(now),
  };

  const notifications = options.notifications ?? createNotifications({ pool, log });
  const engine = options.engine ?? createPgBossEngine({ pool, notifications, log, concurrency: settings.concurrency });
  const logs = createRunLogs({ database, events, log });
  const manifests = createManifests(database);
  const heartbeatMs = settings.heartbeatMs ?? 5_000;
  const liveRuns = createLiveRuns({ database, log, owner: run.owner, heartbeatMs });
  const executor = createRunExecutor({ run, ports, manifests, liveRuns, logs, engine, asks: () => asks });
  const reaper = createReaper({ run, logs, engine, notifications, staleAfterMs: settings.staleAfterMs ?? 15_000 });
  const scheduler = createScheduler({ run, engine, notifications, pollMs: schedulePollMs });
  const actions = new Set<Promise<unknown>>();
  let stopping = false;

  /** Dry runs have no row that could be cancelled. */
  const dryRunsOver = new AbortController();

  /** What is executed here and now: stop() waits for it. */
  async function track<Result>(begin: () => Promise<Result>): Promise<Result> {
    if (stopping) {
      throw new TenonError('unavailable', 'The server is stopping.', { hint: 'Try again in a moment.' });
    }
    const result = begin();
    actions.add(result);
    try {
      return await result;
    } finally {
      actions.delete(result);
    }
  }

  const callTracked = (call: ActionCall): Promise<ActionResult> =>
    track(() => callAction({ run, manifests, executor }, call));

  const dryRunTracked = (dry: DryRun): Promise<DryRunResult> =>
    track(() =>
      executeDryRun(
        { run, ports, manifests, asks: () => asks },
        { ...dry, signal: AbortSignal.any([dry.signal, dryRunsOver.signal]) },
      ),
    );

  const asks = createAskHandlers(
    {
      database,
      readVariable: (variable) => ports.readVariable(variable),
      getActiveCredential: (connectionId, request) => ports.getActiveCredential(connectionId, request),
      callAction: callTracked,
      triggerSync: (trigger) => triggerSync({ run, manifests, engine }, trigger),
    },
    createRateAsks({ run, manifests, notifications }),
  );

  return {
    events,
    async start() {
      await notifications.listen(cancelChannel, {
        onMessage: (runId) => liveRuns.abort(runId, 'cancelled'),
        onReconnect: () => void liveRuns.beat(),
      });
      await reaper.start({ soleOwner: settings.soleOwner });
      await engine.start(executor.executeQueued);
      await scheduler.start();
    },
    async stop({ graceMs }) {
      stopping = true;
      await scheduler.stop();
      await reaper.stop();
      const cancelTimer = setTimeout(() => {
        liveRuns.abortAll('stopping');
        dryRunsOver.abort(new TenonError('unavailable', 'The server is stopping.', { hint: 'Try again in a moment.' }));
      }, graceMs);
      await engine.stop({ graceMs });
      await Promise.allSettled(actions);
      clearTimeout(cancelTimer);
      liveRuns.close();
      await logs.flush();
      if (!options.notifications) await notifications.close();
    },
    triggerSync: (trigger) => triggerSync({ run, manifests, engine }, trigger),
    callAction: callTracked,
    executeDryRun: dryRunTracked,
    cancelRun: (names) => cancelRun({ run, liveRuns, engine }, names),
    forwardEvent: (event) => forwardEvent({ run, manifests, engine }, event),
    replayQuarantine: (sync) => replayQuarantine({ run, manifests, engine }, sync),
    retryRun: (names) => retryRun({ run, manifests, engine }, names),
    getRun: (names) => getRun(database, names),
    async getCapture(names) {
      const ended = await getRun(database, names);
      const capture = await ports.captures.read(ended);
      return { ...capture, version: ended.version, status: ended.status };
    },
    listRuns: (query) => listRuns(database, query),
    listLogs: (query) => listLogs(database, query),
    syncConnectionSchedules: (names) => applyActiveSchedules({ database, manifests, now }, names),
    setSyncPaused: (names) => setSyncPaused(database, { ...names, now: new Date(now()) }),
    setSyncSchedule: (options) => setSyncSchedule({ database, manifests, now }, options),
    backfillSync: (options) => startBackfill({ run, manifests, engine }, options),
    listTicks: (query) => listTicks(database, query),
    listSyncStates: (query) => listSyncStates(database, query),
    listSyncs: (query) => listSyncs(database, query),
  };
}
