import type { SyncDefinition } from '@tenon/runtime';
import { packPage, runSyncScript, toRunError, unpackPage, type SyncEnvironment } from '@tenon/runtime/execute';
import { createProviderClient } from '@tenon/runtime/request';
import type { Dispatcher } from 'undici';
import { judgeError } from '../../../packages/server/src/workers/judge-ending.ts';
import type { RunOutcome, RunRequest } from '../../../packages/server/src/workers/run-request.ts';
import type { Fault } from './history.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface WorkerStorm {
  readonly fault: Fault | undefined;
  /** Resolves when a frozen server goes on. */
  readonly thaw: Promise<void>;
  onFreeze(): void;
  /** A server that was frozen committed a page of a run that was taken from it. */
  onStaleCommit(): void;
  onCancel(): Promise<void>;
  /** What happens while a page is committed. */
  besideCommit?(page: number): Promise<void>;
  /** Resolves when a page may be committed. */
  beforeCommit?(page: number): Promise<void>;
}

class ProcessDied extends Error {}

const died: RunOutcome = { status: 'lost', error: { code: 'run_lost', message: 'The worker process disappeared.' } };

/**
 * Stands in for a process of the pool: the real script runner and the real request engine, in this process, with a
 * provider in memory. Dies, freezes and is cancelled where the storm says.
 */
export async function workThroughStorm(
  request: RunRequest,
  context: { definition: SyncDefinition; dispatcher: Dispatcher; time: VirtualTime; storm: WorkerStorm },
): Promise<RunOutcome> {
  const { definition, time, storm } = context;
  const { start, signal } = request;
  const { fault } = storm;
  let pages = 0;
  let isDead = false;
  let whenDead: (error: Error) => void = () => undefined;
  const death = new Promise<never>((_, reject) => (whenDead = reject));
  death.catch(() => undefined);

  const die = (): never => {
    isDead = true;
    const error = new ProcessDied('The process is gone.');
    whenDead(error);
    throw error;
  };

  const commitNext: SyncEnvironment['commitPage'] = async (page) => {
    if (isDead) throw new ProcessDied('The process is gone.');
    const number = pages++;
    const isHit = fault !== undefined && 'page' in fault && fault.page === number;
    if (isHit && fault.kind === 'worker dies' && !fault.committed) die();
    if (isHit && fault.kind === 'cancelled') await storm.onCancel();
    if (isHit && fault.kind === 'server freezes') {
      storm.onFreeze();
      await storm.thaw;
    }
    await storm.beforeCommit?.(number);
    const beside = storm.besideCommit?.(number);
    const [committed] = await Promise.allSettled([request.onPage(unpackPage(packPage(page))), beside]);
    await beside;
    if (committed.status === 'rejected') throw committed.reason;
    const { conflicts } = committed.value;
    if (isHit && fault.kind === 'server freezes') storm.onStaleCommit();
    if (isHit && fault.kind === 'worker dies') die();
    return { conflicts };
  };

  // As over the channel: one after the other, so that nothing overtakes a page that waits.
  let last: Promise<unknown> = Promise.resolve();
  const commitPage: SyncEnvironment['commitPage'] = (page) => {
    const committed = last.then(() => commitNext(page));
    last = committed.catch(() => undefined);
    return committed;
  };

  const { sync } = start;
  if (!sync) throw new Error('Storms pass over syncs only.');
  try {
    const result = runSyncScript(definition, {
      runId: start.runId,
      integration: start.function.integration,
      connection: start.connection,
      requests: createProviderClient({
        provider: start.provider,
        credential: () => start.credential,
        connection: start.connection,
        dispatcher: context.dispatcher,
        clock: {
          now: () => time.now(),
          wait: (ms, waitSignal) => {
            waitSignal.throwIfAborted();
            time.pass(ms);
            return Promise.resolve();
          },
        },
        random: () => 0.5,
        signal,
      }),
      signal,
      ask: ((ask) => request.onAsk(ask)) as SyncEnvironment['ask'],
      log: () => undefined,
      settings: sync.settings,
      mode: sync.mode,
      event: sync.event,
      state: sync.state,
      until: sync.until,
      cursorOptions: sync.cursorOptions,
      commitPage,
    });
    result.catch(() => undefined);
    return { status: 'succeeded', sync: await Promise.race([result, death]) };
  } catch (error) {
    if (isDead) return died;
    return judgeError(toRunError(error), signal.aborted);
  }
}
