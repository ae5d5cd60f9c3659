import { Worker } from 'node:worker_threads';
import { TenonError } from '@tenon/runtime/errors';
import type { Recording } from '@tenon/runtime/recording';
import type { CompiledProject } from '../compile/compiled-project.ts';
import type { Project } from '../project/project.ts';
import { describeReplayInput, type ReplayInput } from './replay-input.ts';
import type { Replayed, Replays, ResumedEverywhere } from './replays.ts';
import { readToldError, type FromThread, type ToThread } from './thread-messages.ts';

const pingMs = 500;

/** Work of a script that takes longer in one go is none that a run could be stopped in. */
const defaultPatienceMs = 10_000;

/**
 * Prepares replaying recordings with the code of a project as it is now. Scripts run in a thread of their own, so that
 * one that loops without an await is noticed and ended, and Ctrl-C works meanwhile. The thread is started by the first
 * replay, and ends with this process.
 * @param options.patienceMs how long a script may keep its thread to itself, in milliseconds. Default 10,000
 */
export async function openReplays(
  project: Project,
  compiled: CompiledProject,
  { patienceMs = defaultPatienceMs }: { patienceMs?: number } = {},
): Promise<Replays> {
  const input = describeReplayInput(project, compiled);
  // From its own source, in tests, there is no thread: Node 20 loads no TypeScript.
  if (import.meta.url.endsWith('.ts')) {
    const { createReplays } = await import('./create-replays.ts');
    return createReplays(input);
  }
  return new ReplayThread(input, patienceMs);
}

class ReplayThread implements Replays {
  readonly #input: ReplayInput;
  readonly #patienceMs: number;
  /** Undefined before the first replay, and after one whose thread had to be ended. */
  #worker: Worker | undefined;

  constructor(input: ReplayInput, patienceMs: number) {
    this.#input = input;
    this.#patienceMs = patienceMs;
  }

  async replay(recording: Recording, options: { signal: AbortSignal }): Promise<Replayed> {
    return (await this.#call('replay', recording, options)) as Replayed;
  }

  async adopt(recording: Recording, options: { signal: AbortSignal }): Promise<Recording> {
    return (await this.#call('adopt', recording, options)) as Recording;
  }

  async resumeEverywhere(recording: Recording, options: { signal: AbortSignal }): Promise<ResumedEverywhere> {
    return (await this.#call('resumeEverywhere', recording, options)) as ResumedEverywhere;
  }

  #start(): Worker {
    const worker = new Worker(new URL('replay-worker.js', import.meta.url), { workerData: this.#input });
    // A promise that a script let go of may fail when its replay is over: the next one gets a thread of its own.
    const forget = () => {
      if (this.#worker === worker) this.#worker = undefined;
    };
    return worker.on('error', forget).on('exit', forget);
  }

  /** One at a time. */
  #call(method: keyof Replays, recording: Recording, { signal }: { signal: AbortSignal }): Promise<unknown> {
    signal.throwIfAborted();
    const worker = (this.#worker ??= this.#start());
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin, a window has.
    const tell = (message: ToThread) => worker.postMessage(message);
    return new Promise((resolve, reject) => {
      let unanswered = 0;
      const finish = () => {
        clearInterval(timer);
        signal.removeEventListener('abort', onAbort);
        worker.off('message', onMessage).off('error', fail).off('exit', onExit);
        // What waits for nothing must not keep the process alive.
        worker.unref();
      };
      const fail = (error: unknown) => {
        finish();
        this.#worker = undefined;
        void worker.terminate();
        reject(error as Error);
      };
      const onAbort = () => fail(signal.reason);
      const timer = setInterval(() => {
        if (unanswered * pingMs >= this.#patienceMs) return fail(unresponsive(recording));
        unanswered += 1;
        tell('ping');
      }, pingMs);
      signal.addEventListener('abort', onAbort, { once: true });
      const onMessage = (message: FromThread) => {
        unanswered = 0;
        if (message === 'pong') return;
        finish();
        if ('error' in message) reject(readToldError(message.error));
        else resolve(message.result);
      };
      const onExit = () => fail(exited(recording));
      worker.on('message', onMessage).on('error', fail).on('exit', onExit);
      worker.ref();
      tell({ method, recording });
    });
  }
}

function exited({ function: { integration, name } }: Recording): TenonError {
  return new TenonError('script_exited', `${integration}/${name} called process.exit().`, {
    hint: 'Return from run(), or throw an error, instead.',
  });
}

function unresponsive({ function: { integration, name } }: Recording): TenonError {
  return new TenonError(
    'script_unresponsive',
    `${integration}/${name} does not let go of its thread, so it was ended.`,
    {
      hint: 'Look for a loop without an await, or for work that takes very long in one go.',
    },
  );
}
