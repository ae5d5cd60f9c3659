import { spawn } from '@lydell/node-pty';
import { cliPath } from '../harness/run-cli.ts';

export interface TerminalRun {
  readonly pid: number;
  /** Everything that was drawn so far, control characters included; line ends are CR LF, as terminals have them. */
  output(): string;
  /** Resolves once the output fits; rejects when the process ends before. */
  waitFor(pattern: RegExp): Promise<void>;
  /** Types. `\u0003` is Ctrl-C, which the terminal makes into SIGINT. */
  type(keys: string): void;
  /** Its exit code, once it has ended and everything that it drew is there. */
  readonly ended: Promise<number>;
  kill(): void;
}

export interface TerminalOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly columns?: number;
}

/** Runs the built CLI in a pseudo terminal, with nothing of this process's surroundings but PATH and HOME. */
export function runInTerminal(cliArguments: readonly string[], options: TerminalOptions): TerminalRun {
  const terminal = spawn(process.execPath, [cliPath, ...cliArguments], {
    name: options.env?.['TERM'] ?? 'xterm-256color',
    cols: options.columns ?? 100,
    rows: 40,
    cwd: options.cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...options.env },
  });
  let text = '';
  const listeners = new Set<() => void>();
  terminal.onData((chunk) => {
    text += chunk;
    for (const listener of listeners) listener();
  });
  let exitCode: number | undefined;
  const ended = new Promise<number>((resolve) => {
    terminal.onExit((end) => {
      exitCode = end.exitCode;
      for (const listener of listeners) listener();
      resolve(end.exitCode);
    });
  });
  return {
    pid: terminal.pid,
    ended,
    output: () => text,
    type: (keys) => terminal.write(keys),
    kill: () => terminal.kill('SIGKILL'),
    waitFor: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const isFound = pattern.test(text);
          if (!isFound && exitCode === undefined) return;
          listeners.delete(look);
          if (isFound) resolve();
          else reject(new Error(`tenon ${cliArguments.join(' ')} ended before it drew ${pattern}:\n${text}`));
        };
        listeners.add(look);
        look();
      }),
  };
}
