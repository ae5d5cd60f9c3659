import { spawn } from 'node:child_process';
import { cliPath, type CliResult } from '../harness/run-cli.ts';

/** Runs the built CLI with its stdin closed and pipes for its output, as cron and CI do. */
export function runWithoutTerminal(
  cliArguments: readonly string[],
  options: {
    readonly cwd: string;
    readonly env?: Readonly<Record<string, string>>;
    /** Sends Ctrl-C's signal once stdout fits: for commands that go on until they are told to end. */
    readonly interruptAt?: RegExp;
  },
): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cliPath, ...cliArguments], {
      cwd: options.cwd,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    let isInterrupted = false;
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
      if (isInterrupted || !options.interruptAt?.test(stdout)) return;
      isInterrupted = true;
      child.kill('SIGINT');
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ exitCode: code ?? -1, stdout, stderr }));
  });
}
