import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const cliPath = path.resolve(import.meta.dirname, '../../packages/cli/bin/tenon.js');

/** Nobody is logged in, whoever runs the tests. */
const noProfiles = path.join(tmpdir(), 'tenon-tests-without-profiles');

export interface CliResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built CLI as its user would, without a terminal. */
export function runCli(
  cliArguments: readonly string[],
  options: { cwd: string; env?: Record<string, string> },
): Promise<CliResult> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [cliPath, ...cliArguments],
      {
        cwd: options.cwd,
        // As on a developer's machine, also in CI.
        env: { ...process.env, CI: '', XDG_CONFIG_HOME: noProfiles, NO_COLOR: '1', ...options.env },
        maxBuffer: 64 * 1024 * 1024,
      },
      (error, stdout, stderr) => {
        const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
        resolve({ exitCode, stdout, stderr });
      },
    );
  });
}

/** Like runCli, for commands that must succeed. */
export async function expectCli(
  cliArguments: readonly string[],
  options: { cwd: string; env?: Record<string, string> },
): Promise<string> {
  const result = await runCli(cliArguments, options);
  if (result.exitCode !== 0) {
    throw new Error(`tenon ${cliArguments.join(' ')} exited ${result.exitCode}:\n${result.stdout}\n${result.stderr}`);
  }
  return result.stdout;
}
