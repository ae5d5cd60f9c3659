import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCliVersion } from '../output/cli-version.ts';
import { runCli } from '../cli.ts';
import { readEnvironment } from '../environment.ts';
import { createOutput } from '../output/create-output.ts';
import { readOutputFlags } from '../output/read-output-flags.ts';
import type { CliRun } from './run-built-cli.ts';

/**
 * Runs a command line as run-built-cli.ts does, but in this process and from its source: what it has loaded and compiled
 * once is there the next time, which makes it several times as fast. Where processes, signals or what scripts print are
 * the point, take the other one.
 */
export async function runCliHere(
  cliArguments: readonly string[],
  options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<CliRun> {
  const { cwd } = options;
  const printed = { stdout: '', stderr: '' };
  const write = (name: keyof typeof printed) => ({ write: (text: string) => (printed[name] += text) });
  const flags = readOutputFlags(cliArguments);
  const { signal } = new AbortController();
  const output = createOutput({ stdout: write('stdout'), stderr: write('stderr'), ...flags, allowColor: false });
  const exitCode = await runCli({
    arguments: cliArguments,
    version: readCliVersion(),
    output,
    signal,
    async getContext() {
      const env = await readEnvironment(cwd, {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        // Nobody is logged in, whoever runs the tests.
        XDG_CONFIG_HOME: join(tmpdir(), 'tenon-tests-without-profiles'),
        ...options.env,
      });
      return { cwd, env, output, signal, isInteractive: false };
    },
  });
  return { exitCode, ...printed };
}
