import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Postmaster } from './postmaster.ts';
import { isRunning } from './process-identity.ts';

export interface KeptPostgres {
  /** The one that runs now; for a moment one that has ended. */
  readonly postmaster: Postmaster;
  /** Starts it no more, and resolves with the one that is left to stop. */
  release(): Promise<Postmaster>;
}

/** Milliseconds between two looks. Its sessions end with it, so whoever asks meanwhile is refused at once and may retry. */
const lookMs = 500;
const longestBackoffMs = 30_000;

/**
 * Starts Postgres again whenever it ends without being asked to: killed for its memory, or by mistake. Looked for
 * rather than waited for, because an adopted one is no child of this process.
 * @param options.mayRestart false: the data directory is another server's by now
 * @param options.restart must give one at the same address
 */
export function keepPostgresRunning(
  first: Postmaster,
  options: { mayRestart(): boolean; restart(signal: AbortSignal): Promise<Postmaster>; logger: Logger },
): KeptPostgres {
  const { restart, logger } = options;
  const released = new AbortController();
  let postmaster = first;

  async function keep(): Promise<void> {
    for (let pauseMs = lookMs; ;) {
      await delay(pauseMs, undefined, { signal: released.signal, ref: false });
      if (isRunning(postmaster.identity) || !options.mayRestart()) continue;
      logger.error({ pid: postmaster.identity.pid }, 'the embedded Postgres ended; starting it again');
      try {
        postmaster = await restart(released.signal);
        pauseMs = lookMs;
        logger.info({ pid: postmaster.identity.pid }, 'the embedded Postgres is back');
      } catch (error) {
        released.signal.throwIfAborted();
        pauseMs = Math.min(pauseMs * 2, longestBackoffMs);
        logger.error({ err: error }, 'the embedded Postgres could not be started again; trying once more');
      }
    }
  }

  const keeping = keep().catch(() => undefined);

  return {
    get postmaster() {
      return postmaster;
    },
    async release() {
      released.abort();
      await keeping;
      return postmaster;
    },
  };
}
