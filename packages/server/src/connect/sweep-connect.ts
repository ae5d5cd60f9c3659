import { createSweeper, type Sweeper } from '../create-sweeper.ts';
import type { ConnectContext } from './connect-context.ts';
import { deleteExpiredAttempts } from './storage/delete-expired-attempts.ts';
import { deleteExpiredSessions } from './storage/delete-expired-sessions.ts';

const everyMs = 60_000;
/** What is over is kept this long, so that a page which is reloaded can still say how it ended. */
const keptMs = 3_600_000;
/** Rows a statement: locks and WAL bursts stay short. */
const batchRows = 1_000;

/** Removes sessions and attempts that are over. Every server does it; rows that another one removes are skipped. */
export function createConnectSweeper({ connections, log }: ConnectContext): Sweeper {
  const { database, now } = connections;
  return createSweeper({
    everyMs,
    async round(signal) {
      const before = new Date(now() - keptMs);
      for (const remove of [deleteExpiredAttempts, deleteExpiredSessions]) {
        let removed = batchRows;
        while (removed === batchRows && !signal.aborted) removed = await remove(database, { before, limit: batchRows });
      }
    },
    onError: (error) => log.warn({ err: error }, 'expired connect sessions could not be removed; trying again'),
  });
}
