import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CliRun } from '../../packages/cli/src/testing/run-built-cli.ts';
import { runCliHere } from '../../packages/cli/src/testing/run-cli-here.ts';

export const cliPath = path.resolve(import.meta.dirname, '../../packages/cli/bin/tenon.js');

/** Nobody is logged in, whoever runs the tests. */
const noProfiles = path.join(tmpdir(), 'tenon-tests-without-profiles');

interface CliOptions {
  readonly cwd: string;
  readonly env?: Record<string, string>;
}

export interface CliResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built CLI as its user would, without a terminal. */
export function runCli(cliArguments: readonly string[], options: CliOptions): Promise<CliResult> {
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

/** Like runCli, for commands that must succeed. @returns what it printed on stdout */
export async function expectCli(cliArguments: readonly string[], options: CliOptions): Promise<string> {
  return expectSuccess(cliArguments, await runCli(cliArguments, options));
}

/**
 * The same in this process, from the source: for what only prepares a test. A process of its own takes seconds to check
 * types and lints.
 */
export async function expectCliHere(cliArguments: readonly string[], options: CliOptions): Promise<string> {
  return expectSuccess(cliArguments, await runCliHere(cliArguments, options));
}

function expectSuccess(cliArguments: readonly string[], result: CliRun): string {
  if (result.exitCode !== 0) {
    throw new Error(`tenon ${cliArguments.join(' ')} exited ${result.exitCode}:\n${result.stdout}\n${result.stderr}`);
  }
  return result.stdout;
}
