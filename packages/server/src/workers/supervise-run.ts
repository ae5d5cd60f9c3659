import { TenonError } from '@tenon/runtime/errors';
import { logLimits, unpackPage, type PackedPage, type Ask } from '@tenon/runtime/execute';
import { checkWorkerMessage, WorkerMessageRefused } from './check-worker-message.ts';
import { describeServerError } from './describe-server-error.ts';
import { judgeError, judgeExit, type KillReason } from './judge-ending.ts';
import { createDeferred } from './deferred.ts';
import type { MemoryWatch } from './memory-watch.ts';
import type { RunOutcome, RunRequest, WorkerLogEntry } from './run-request.ts';
import type { WorkerProcess } from './worker-process.ts';
import { createWorkerOutput } from './worker-output.ts';

export interface SupervisionLimits {
  readonly memoryLimitMb: number;
  /** How long after its deadline or its cancel a worker may take to say so before it is killed. */
  readonly killGraceMs: number;
  /** How long a page that is being committed is waited for once the run has ended otherwise. */
  readonly pageDrainMs: number;
  /** Whether the run's requests to its provider may go to this machine and to private networks. */
  readonly allowPrivateAddresses: boolean;
}

export interface Supervision {
  readonly outcome: RunOutcome;
  /** Whether the worker may take another run. */
  readonly isReusable: boolean;
}

export interface SuperviseOptions {
  readonly worker: WorkerProcess;
  readonly request: RunRequest;
  /** Undefined: the worker has it. */
  readonly code: string | undefined;
  /** Of the provider's hooks. Undefined: the worker has it, or there are none. */
  readonly hooksCode?: string | undefined;
  readonly memory: MemoryWatch;
  readonly limits: SupervisionLimits;
  now(): number;
}

const maxTimerMs = 2 ** 31 - 1;
/** The worker keeps to four; more is not of its making. */
const maxPagesWaiting = 8;
/** A script may ask from many places at once; this many are no script. */
const maxAsksWaiting = 1_000;

/**
 * Follows one run on one worker from start to end. Every way to end leads to one outcome:
 * the script's own word (`succeeded`, `failed`), the end of the process (exit, signal, full heap), or the server's
 * decision (memory, deadline, cancel, a message that does not fit, a page that could not be committed), after which
 * the process is killed.
 */
export async function superviseRun(options: SuperviseOptions): Promise<Supervision> {
  const { worker, request, limits, memory } = options;
  const { runId, timeoutMs } = request.start;
  const run = { runId, kind: request.start.function.kind, mode: request.start.sync?.mode };
  const ending = createDeferred<Supervision>();
  let isEnded = false;
  let killedFor: KillReason | undefined;
  let pagesWaiting = 0;
  let asksWaiting = 0;
  let lastSequence = 0;
  let isRenewing = false;
  let logEntries = 0;
  let committing: Promise<void> = Promise.resolve();

  const end = (outcome: RunOutcome, isReusable = false): void => {
    isEnded = true;
    ending.resolve({ outcome, isReusable });
  };
  const kill = (reason: KillReason): void => {
    killedFor ??= reason;
    worker.kill();
  };
  const failWith = (error: unknown): void => {
    end(judgeError(describeServerError(error, 'it committed a page of records'), request.signal.aborted));
    worker.kill();
  };
  const log = (entry: WorkerLogEntry): void => {
    logEntries += 1;
    // One more than the worker allows itself: its note that the log is full.
    if (!isEnded && logEntries <= logLimits.entries + 1) request.onLog(entry);
  };

  async function commit(page: PackedPage): Promise<void> {
    if (isEnded) return;
    const { counts, conflicts } = await request.onPage(unpackPage(page));
    pagesWaiting -= 1;
    worker.send({ type: 'page-committed', runId, sequence: page.sequence, counts, conflicts });
  }

  function takePage(page: PackedPage): void {
    pagesWaiting += 1;
    lastSequence += 1;
    if (page.sequence !== lastSequence) throw new WorkerMessageRefused("the page's sequence");
    if (pagesWaiting > maxPagesWaiting) throw new WorkerMessageRefused('too many pages wait');
    committing = committing.then(() => commit(page));
    committing.catch(failWith);
  }

  async function answer({ askId, ask }: { askId: number; ask: Ask }): Promise<void> {
    asksWaiting += 1;
    if (asksWaiting > maxAsksWaiting) throw new WorkerMessageRefused('too many questions wait');
    try {
      worker.send({ type: 'answer', runId, askId, value: await request.onAsk(ask) });
    } catch (error) {
      worker.send({
        type: 'answer-failed',
        runId,
        askId,
        error: describeServerError(error, `it answered ${ask.kind}`),
      });
    } finally {
      asksWaiting -= 1;
    }
  }

  async function renewCredential(): Promise<void> {
    if (isRenewing) return;
    isRenewing = true;
    try {
      const credential = await request.renewCredential();
      worker.send({ type: 'credential', runId, credential });
    } catch (error) {
      const described = describeServerError(error, 'it renewed the credential');
      worker.send({ type: 'credential-failed', runId, error: described });
    } finally {
      isRenewing = false;
    }
  }

  function receive(raw: unknown): void {
    const message = checkWorkerMessage(raw, run);
    switch (message.type) {
      case 'started':
        request.onStarted?.();
        return;
      case 'page':
        takePage(message.page);
        return;
      case 'log': {
        const { type: _type, runId: _runId, ...entry } = message;
        log(entry);
        return;
      }
      case 'ask':
        answer(message).catch(failWith);
        return;
      case 'renew-credential':
        void renewCredential();
        return;
      case 'capture':
        request.onCapture?.(message.capture);
        return;
      case 'succeeded': {
        const { type: _type, runId: _runId, reusable, ...result } = message;
        // Every page is acknowledged by now, unless the script sent this message itself.
        committing.then(() => end({ status: 'succeeded', ...result }, reusable), failWith);
        return;
      }
      case 'failed':
        end(judgeError(message.error, request.signal.aborted));
        return;
    }
  }

  const output = createWorkerOutput(log, options.now);
  worker.listen({
    onMessage(message) {
      if (isEnded) return;
      try {
        receive(message);
      } catch (error) {
        failWith(error instanceof WorkerMessageRefused ? describeRefusal(error) : error);
      }
    },
    onOutput: output,
    onClosed: (exit) => end(judgeExit(exit, killedFor, limits.memoryLimitMb)),
  });

  // The worker ends a run at its deadline by itself; this is for one that cannot.
  const deadline = setTimeout(() => kill('deadline'), Math.min(timeoutMs + limits.killGraceMs, maxTimerMs));
  let cancelGrace: NodeJS.Timeout | undefined;
  const onCancel = (): void => {
    worker.send({ type: 'cancel', runId, reason: 'cancelled' });
    cancelGrace = setTimeout(() => kill('cancel'), limits.killGraceMs);
  };
  request.signal.addEventListener('abort', onCancel, { once: true });
  const stopWatching = memory.watch(worker.pid, () => kill('memory'));
  try {
    const bundle = { hash: request.bundleHash, ...(options.code === undefined ? {} : { code: options.code }) };
    const { allowPrivateAddresses } = limits;
    const { hooksCode } = options;
    const hooks = request.hooks && { ...request.hooks, ...(hooksCode === undefined ? {} : { code: hooksCode }) };
    worker.send({ type: 'start', ...request.start, bundle, ...(hooks && { hooks }), allowPrivateAddresses });
    if (request.signal.aborted) onCancel();
    const supervision = await ending.promise;
    await settleWithin(committing, limits.pageDrainMs);
    return supervision;
  } finally {
    clearTimeout(deadline);
    clearTimeout(cancelGrace);
    request.signal.removeEventListener('abort', onCancel);
    stopWatching();
    worker.listen(undefined);
  }
}

function describeRefusal(refusal: WorkerMessageRefused): TenonError {
  return new TenonError(
    'script_failed',
    `The worker sent a message that the server does not accept: ${refusal.message}.`,
    {
      hint: 'A script must not write to the channel of its process.',
    },
  );
}

/** No page is committed after the outcome is known, as far as waiting can make sure of it. */
async function settleWithin(work: Promise<unknown>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([work.catch(() => undefined), limit]);
  clearTimeout(timer);
}
