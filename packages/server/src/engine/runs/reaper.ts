import type { Engine } from '../engine.ts';
import type { Notifications } from '../notifications/notifications.ts';
import { announceReleased } from './announce-released.ts';
import { deleteExpiredLocks } from '../asks/queries/delete-expired-locks.ts';
import { findQueuedRuns } from './queries/find-queued-runs.ts';
import { queuedChannel } from './queries/notify-queued.ts';
import { releaseForeignRuns, releaseSilentRuns } from './queries/release-run.ts';
import type { RunContext } from './run-context.ts';
import type { RunLogs } from './run-logs.ts';
import { runPriority } from './run-priority.ts';

export interface ReaperContext {
  readonly run: RunContext;
  readonly logs: RunLogs;
  readonly engine: Pick<Engine, 'enqueue'>;
  readonly notifications: Notifications;
  /** Age of a heartbeat at which its run counts as lost, in milliseconds. */
  readonly staleAfterMs: number;
}

export interface Reaper {
  /** @param options.soleOwner no other server can be running: whatever another owner left behind is lost */
  start(options: { soleOwner: boolean }): Promise<void>;
  /** Looks once, now. */
  sweep(): Promise<void>;
  stop(): Promise<void>;
}

/** A queued run is told to the engine once more after this long, in case its first word was lost. */
const requeueAfterMs = 10_000;
const requeueLimit = 1_000;

/**
 * Mends what a killed process left behind: running runs without a heartbeat, and queued runs that no engine knows of.
 * Every server does it; whoever comes second finds nothing.
 */
export function createReaper(context: ReaperContext): Reaper {
  const { run: runs } = context;
  let timer: NodeJS.Timeout | undefined;
  let sweeping: Promise<void> = Promise.resolve();
  let requeuedAtMs = 0;
  let subscription: { close(): Promise<void> } | undefined;

  async function sweepNow(): Promise<void> {
    const now = new Date(runs.now());
    const silent = await releaseSilentRuns(runs.database, { staleAfterMs: context.staleAfterMs, now });
    if (silent.length > 0) runs.log.warn({ runs: silent.map(({ id }) => id) }, 'runs were lost by their process');
    await announceReleased(context, silent, { enqueue: true });
    if (runs.now() - requeuedAtMs >= requeueAfterMs) await requeue(requeueAfterMs);
  }

  async function requeue(olderThanMs: number): Promise<void> {
    requeuedAtMs = runs.now();
    const now = runs.now();
    const times = { queuedBefore: new Date(now - olderThanMs), now: new Date(now) };
    const queued = await findQueuedRuns(runs.database, { ...times, limit: requeueLimit });
    await deleteExpiredLocks(runs.database);
    await context.engine.enqueue(...queued.map(({ id, trigger }) => ({ runId: id, priority: runPriority(trigger) })));
  }

  /** One look after the other. */
  function look(once: () => Promise<void>): Promise<void> {
    sweeping = sweeping.then(once).catch((error: unknown) => {
      runs.log.warn({ err: error }, 'lost runs could not be looked for; trying again');
    });
    return sweeping;
  }

  const sweep = () => look(sweepNow);
  const wake = () => void look(() => requeue(0));

  return {
    sweep,
    async start({ soleOwner }) {
      if (soleOwner) {
        const left = await releaseForeignRuns(runs.database, { owner: runs.owner, now: new Date(runs.now()) });
        await announceReleased(context, left, { enqueue: false });
      }
      // A server that was killed may have queued runs and told no engine of them; telling it twice does no harm.
      await requeue(0);
      subscription = await context.notifications.listen(queuedChannel, { onMessage: wake, onReconnect: wake });
      // Three looks within the age, so that a run is found at most a third of it late.
      timer = setInterval(() => void sweep(), Math.ceil(context.staleAfterMs / 3));
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      await subscription?.close();
      await sweeping;
    },
  };
}
