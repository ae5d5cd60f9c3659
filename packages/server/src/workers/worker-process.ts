import { fork } from 'node:child_process';
import { TenonError } from '@tenon/runtime/errors';
import type { ServerMessage } from '@tenon/runtime/execute';
import { createDeferred } from './deferred.ts';
import type { WorkerCommand } from './worker-command.ts';

export interface WorkerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The end of what it wrote to its standard error. */
  readonly errorOutput: string;
}

export interface WorkerListener {
  onMessage(message: unknown): void;
  onOutput(text: string, stream: 'stdout' | 'stderr'): void;
  /** After the last message; also where the process had ended before anybody listened. */
  onClosed?(exit: WorkerExit): void;
}

export interface WorkerProcess {
  readonly pid: number;
  /** Resolves when it waits for a run; rejects with `worker_unavailable` when it could not be started. */
  readonly ready: Promise<void>;
  /** Resolves after its last message was delivered. */
  readonly closed: Promise<WorkerExit>;
  /**
   * One listener at a time: a worker has one run at a time. A run learns here, and not from `closed`, that the worker has
   * ended: a promise keeps all who wait for it, and a worker outlives a thousand runs.
   */
  listen(listener: WorkerListener | undefined): void;
  send(message: ServerMessage): void;
  kill(): void;
}

const keptErrorOutput = 8_000;
/** A start takes 0.1 s; a process that needs this long (stopped, starved) is given up. */
const startLimitMs = 15_000;

/** Starts a worker: an empty environment, the channel, and pipes for whatever Node itself prints. */
export function startWorkerProcess({ file, execPath, execArgv }: WorkerCommand, limitMs = startLimitMs): WorkerProcess {
  const child = fork(file, [], {
    env: {},
    execPath,
    execArgv,
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let listener: WorkerListener | undefined;
  let errorOutput = '';
  const ready = createDeferred<void>();
  const closed = createDeferred<WorkerExit>();
  let ended: WorkerExit | undefined;
  const close = (exit: WorkerExit): void => {
    ended ??= exit;
    closed.resolve(ended);
    listener?.onClosed?.(ended);
  };

  const startLimit = setTimeout(() => child.kill('SIGKILL'), limitMs);

  child.on('message', (message: unknown) => {
    if (isReady(message)) {
      clearTimeout(startLimit);
      ready.resolve();
    } else listener?.onMessage(message);
  });
  child.stdout?.setEncoding('utf8').on('data', (text: string) => listener?.onOutput(text, 'stdout'));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errorOutput = (errorOutput + text).slice(-keptErrorOutput);
    listener?.onOutput(text, 'stderr');
  });
  const refuse = (why: string): void =>
    ready.reject(
      new TenonError('worker_unavailable', `A worker process could not be started: ${why}.`, {
        hint: 'Check the memory and process limits of this machine, and the log of the server.',
      }),
    );
  child.on('error', (error) => {
    clearTimeout(startLimit);
    refuse(error.message);
    // Without a pid no exit follows.
    if (child.pid === undefined) close({ code: 1, signal: null, errorOutput: error.message });
  });
  // 'close', not 'exit': it comes after the last message and the last output.
  child.on('close', (code, signal) => {
    clearTimeout(startLimit);
    refuse(
      `it ended with ${signal ?? `code ${code}`}${errorOutput === '' ? '' : `: ${errorOutput.slice(0, 500).trim()}`}`,
    );
    close({ code, signal, errorOutput });
  });
  // Whoever uses the worker awaits it; a spare that fails has no such reader.
  ready.promise.catch(() => undefined);

  return {
    pid: child.pid ?? 0,
    ready: ready.promise,
    closed: closed.promise,
    listen(next) {
      listener = next;
      if (ended) next?.onClosed?.(ended);
    },
    send(message) {
      // A worker that is gone needs no message: its end is reported by `closed`.
      if (child.connected) child.send(message, () => undefined);
    },
    kill() {
      child.kill('SIGKILL');
    },
  };
}

function isReady(message: unknown): boolean {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'ready';
}
