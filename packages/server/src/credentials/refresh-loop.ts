import type { BaseLogger } from 'pino';
import type { ConnectionContext } from './connection-context.ts';
import { examineConnection } from './examine-connection.ts';
import { settleExamination } from './settle-examination.ts';
import { findNextRefresh } from './storage/find-next-refresh.ts';
import { putOffRefresh } from './storage/put-off-refresh.ts';
import { takeDueRefreshes, type DueRefresh } from './storage/take-due-refreshes.ts';
import { wayToToken } from './tokens/token-use.ts';
import { findProvider } from '../deployments/find-provider.ts';

export interface RefreshLoop {
  start(): void;
  /** Refreshes what is due now, to the end. @returns how many connections were looked after */
  tick(): Promise<number>;
  /** Takes no more; what is under way is finished by the renewals' own stop. */
  stop(): Promise<void>;
}

export interface RefreshLoopOptions {
  readonly log: Pick<BaseLogger, 'debug' | 'error'>;
  /** How often to look although nothing seems due: other processes make connections too. In milliseconds. */
  readonly pollMs?: number;
}

const batchSize = 100;
/** Taken connections of one integration at a time: what hangs does not fill the process. */
const mostOfIntegration = 200;
/** After which a connection whose process disappeared is due again; longer than a batch takes at a slow provider. */
const takenForMs = 10 * 60_000;
/** What comes due within this is taken together. */
const shortestPauseMs = 1_000;
/** What failed for a reason that is not its provider's, such as an integration that is not deployed any more. */
const oddFailurePauseMs = 3_600_000;

/**
 * Renews connections in the background: idle ones once a day and before their refresh tokens lapse, and failed ones
 * when their retry is due (refresh_at). Any number of processes do it together: each takes rows that no other holds and
 * moves their time on, so that what it does not come to end is due again. A provider that hangs keeps its own
 * connections waiting and nobody else's.
 */
export function createRefreshLoop(context: ConnectionContext, options: RefreshLoopOptions): RefreshLoop {
  const { log, pollMs = 30_000 } = options;
  const stopped = new AbortController();
  const taken = new Map<string, number>();
  const underWay = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;

  async function takeBatch(): Promise<number> {
    const busy = [...taken].filter(([, count]) => count >= mostOfIntegration).map(([key]) => key);
    const now = context.now();
    const until = new Date(now + takenForMs);
    const due = await takeDueRefreshes(context.database, { now: new Date(now), until, busy, limit: batchSize });
    for (const one of due) begin(one, until);
    return due.length;
  }

  function begin(due: DueRefresh, until: Date): void {
    const key = `${due.environment_id}/${due.integration}`;
    taken.set(key, (taken.get(key) ?? 0) + 1);
    const work = lookAfter(due, until).finally(() => {
      const left = (taken.get(key) ?? 1) - 1;
      if (left === 0) taken.delete(key);
      else taken.set(key, left);
      underWay.delete(work);
      // There is room again for what this integration has due.
      if (left === mostOfIntegration - batchSize) wake();
    });
    underWay.add(work);
  }

  async function lookAfter({ id: connectionId, token_version: version }: DueRefresh, until: Date): Promise<void> {
    try {
      if (await isRenewable(connectionId)) {
        await context.renewals.renew({ connectionId, version, force: true, background: true });
      } else {
        const examination = await examineConnection(context, { connectionId, signal: stopped.signal });
        await settleExamination(context, { connectionId, examination });
      }
    } catch (error) {
      if (stopped.signal.aborted) return;
      log.debug({ err: error, connectionId }, 'a connection could not be refreshed');
    }
    const refreshAt = new Date(context.now() + oddFailurePauseMs);
    await putOffRefresh(context.database, { connectionId, taken: until, refreshAt }).catch((error: unknown) =>
      log.debug({ err: error, connectionId }, 'a refresh could not be put off'),
    );
  }

  async function isRenewable(connectionId: number): Promise<boolean> {
    const { environment_id, integration, credentials, token } = await context.secrets.read(connectionId);
    const { manifest } = await context.manifests.getActive(environment_id);
    return wayToToken(findProvider(manifest, integration), credentials, token) !== 'none';
  }

  async function takeAll(): Promise<number> {
    let count = 0;
    for (;;) {
      const now = await takeBatch();
      count += now;
      if (now < batchSize || stopped.signal.aborted) return count;
    }
  }

  async function look(): Promise<void> {
    clearTimeout(timer);
    let pauseMs = pollMs;
    try {
      await takeAll();
      const next = await findNextRefresh(context.database);
      if (next) pauseMs = Math.min(pauseMs, Math.max(next.getTime() - context.now(), shortestPauseMs));
    } catch (error) {
      log.error({ err: error }, 'due refreshes could not be taken; trying again');
    }
    if (stopped.signal.aborted) return;
    clearTimeout(timer);
    timer = setTimeout(wake, pauseMs);
    timer.unref();
  }

  function wake(): void {
    if (stopped.signal.aborted) return;
    looking ??= look().finally(() => {
      looking = undefined;
    });
  }

  return {
    start: wake,
    async tick() {
      let count = 0;
      for (;;) {
        const now = await takeAll();
        count += now;
        if (now === 0 && underWay.size === 0) return count;
        await Promise.race(underWay);
      }
    },
    async stop() {
      stopped.abort();
      clearTimeout(timer);
      await looking;
    },
  };
}
