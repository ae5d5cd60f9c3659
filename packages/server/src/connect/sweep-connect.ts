import type { ConnectContext } from './connect-context.ts';
import { deleteExpiredAttempts } from './storage/delete-expired-attempts.ts';
import { deleteExpiredSessions } from './storage/delete-expired-sessions.ts';

export interface ConnectSweeper {
  start(): void;
  /** Looks once, now. */
  sweep(): Promise<void>;
  stop(): Promise<void>;
}

const everyMs = 60_000;
/** What is over is kept this long, so that a page which is reloaded can still say how it ended. */
const keptMs = 3_600_000;
/** Rows a statement: locks and WAL bursts stay short. */
const batchRows = 1_000;

/** Removes sessions and attempts that are over. Every server does it; rows that another one removes are skipped. */
export function createConnectSweeper({ connections, log }: ConnectContext): ConnectSweeper {
  const { database, now } = connections;
  let timer: NodeJS.Timeout | undefined;
  const stopping = new AbortController();
  let sweeping: Promise<void> = Promise.resolve();

  async function sweepNow(): Promise<void> {
    const before = new Date(now() - keptMs);
    for (const remove of [deleteExpiredAttempts, deleteExpiredSessions]) {
      let removed = batchRows;
      while (removed === batchRows && !stopping.signal.aborted)
        removed = await remove(database, { before, limit: batchRows });
    }
  }

  function sweep(): Promise<void> {
    sweeping = sweepNow().catch((error: unknown) => {
      log.warn({ err: error }, 'expired connect sessions could not be removed; trying again');
    });
    return sweeping;
  }

  return {
    sweep,
    start() {
      timer = setInterval(() => void sweep(), everyMs);
      timer.unref();
    },
    async stop() {
      stopping.abort();
      clearInterval(timer);
      await sweeping;
    },
  };
}
