import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export interface RunningProcess {
  readonly child: ChildProcess;
  /** Everything printed so far, both streams. */
  output(): string;
  /** Resolves with the match once the output has it; rejects when the process ends before. */
  waitForOutput(pattern: RegExp): Promise<RegExpExecArray>;
  /** Resolves when it has ended, of whatever. */
  ended(): Promise<void>;
  /** Ends it and waits; SIGTERM unless said otherwise. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/**
 * Starts a process whose output tests can wait for.
 * @param options.ownGroup makes it the leader of a process group, which can be killed as a whole
 */
export function startProcess(
  command: readonly [string, ...string[]],
  options: { cwd: string; env?: Record<string, string>; ownGroup?: boolean },
): RunningProcess {
  const [file, ...commandArguments] = command;
  const child = spawn(file, commandArguments, {
    cwd: options.cwd,
    env: { ...process.env, NO_COLOR: '1', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: options.ownGroup === true,
  });
  const closed = once(child, 'close');
  let text = '';
  const collect = (chunk: Buffer): void => {
    text += chunk.toString();
    child.emit('tenon:output');
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);

  return {
    child,
    output: () => text,
    waitForOutput: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(text);
          if (!match) return;
          settle();
          resolve(match);
        };
        const ended = (): void => {
          settle();
          reject(new Error(`${command.join(' ')} ended before it printed ${pattern}:\n${text}`));
        };
        const settle = (): void => {
          child.off('tenon:output', look);
          child.off('close', ended);
        };
        child.on('tenon:output', look);
        child.on('close', ended);
        look();
        if (child.exitCode !== null) ended();
      }),
    ended: async () => {
      await closed;
    },
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      await closed;
    },
  };
}
