import type { Kysely } from 'kysely';
import { createSweeper, type Sweeper } from '../create-sweeper.ts';
import type { Schema } from '../database/schema.ts';
import type { EngineLog } from '../engine/engine-log.ts';
import type { RunService } from '../engine/run-service.ts';
import { eraseEnvironment } from './erase/erase-environment.ts';
import { expirePreviews } from './expire-previews.ts';
import { claimDeleted } from './queries/claim-deleted.ts';
import { renewLease } from './queries/renew-lease.ts';

const everyMs = 30_000;
/** A batch is done in far less; after this time another process takes over from one that was killed. */
const leaseMs = 60_000;
/** A script that is told to stop mostly has by then. */
const runsStopMs = 2_000;

/**
 * Ends previews in time and removes what deleted environments have left, in batches. Every server does it; a lease in
 * the environment's row keeps two from the same one, and runs out by itself when a process dies.
 */
export function createEnvironmentSweeper(options: {
  readonly database: Kysely<Schema>;
  readonly runs: Pick<RunService, 'cancelRun'>;
  readonly log: EngineLog;
  /** Unix time in milliseconds. */
  readonly now: () => number;
}): Sweeper {
  const { database, runs, log, now } = options;
  let soon: NodeJS.Timeout | undefined;
  let isStarted = false;

  async function round(signal: AbortSignal): Promise<void> {
    const expired = await expirePreviews(database, new Date(now()));
    if (expired > 0) log.info({ expired }, 'previews have expired');
    while (!signal.aborted) {
      let held = new Date(now() + leaseMs);
      const environmentId = await claimDeleted(database, { now: new Date(now()), until: held });
      if (environmentId === undefined) return;
      const outcome = await eraseEnvironment(
        {
          database,
          runs,
          async mayGoOn() {
            if (signal.aborted) return false;
            // At least a millisecond later, or a clock that stands still could not tell it from the lease before.
            const until = new Date(Math.max(now() + leaseMs, held.getTime() + 1));
            const isHeld = await renewLease(database, { environmentId, held, until });
            if (isHeld) held = until;
            return isHeld;
          },
        },
        environmentId,
      );
      if (outcome === 'erased') log.info({ environmentId }, 'an environment was removed');
      if (outcome === 'running') {
        await renewLease(database, { environmentId, held, until: new Date(now() + runsStopMs) });
        comeBack();
      }
      if (outcome === 'left') await renewLease(database, { environmentId, held, until: new Date(now()) });
    }
  }

  const sweeper = createSweeper({
    everyMs,
    round,
    onError: (error) => log.warn({ err: error }, 'deleted environments could not be removed; trying again'),
  });

  function comeBack(): void {
    if (!isStarted) return;
    clearTimeout(soon);
    soon = setTimeout(() => void sweeper.sweep(), runsStopMs + 50);
    soon.unref();
  }

  return {
    sweep: sweeper.sweep,
    start() {
      isStarted = true;
      sweeper.start();
    },
    async stop() {
      isStarted = false;
      await sweeper.stop();
      clearTimeout(soon);
    },
  };
}
