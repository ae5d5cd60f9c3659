import { spawn, type ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../../bin/tenon.js', import.meta.url));

export interface CliRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd: string;
  readonly env?: Record<string, string>;
  /** Called with the process once it runs, to send it signals. */
  readonly onStart?: (child: ChildProcess) => void;
}

/** Runs the built command line as its users' scripts do: a process without a terminal. */
export function runBuiltCli(cliArguments: readonly string[], options: CliOptions): Promise<CliRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, ...cliArguments], {
      cwd: options.cwd,
      // What the tests' own surroundings say about colours, servers and CI must not decide their results.
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        // Nobody is logged in, whoever runs the tests.
        XDG_CONFIG_HOME: join(tmpdir(), 'tenon-tests-without-profiles'),
        ...options.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
    options.onStart?.(child);
  });
}
