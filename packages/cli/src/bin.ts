import { exitCodes, TenonError } from '@tenon/runtime/errors';
import { readCliVersion } from './output/cli-version.ts';
import { runCli } from './cli.ts';
import { readEnvironment, readNoColor, readWorkingDirectory } from './environment.ts';
import { createOutput } from './output/create-output.ts';
import { readOutputFlags } from './output/read-output-flags.ts';

// The composition file: it builds the output, the signal and the context, and is the only one that exits.

const argumentList = process.argv.slice(2);
const flags = readOutputFlags(argumentList);

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // The reader left (`tenon records | head`): that is the end, and not an error.
    if (error.code === 'EPIPE') exit(exitCodes.done);
    else throw error;
  });
}

const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    // The first asks the command to clean up; the second does not wait for it.
    if (interruption.signal.aborted) exit(exitCodes.interrupted);
    interruption.abort(new TenonError('interrupted', 'Interrupted; the project is as it was.'));
  });
}

const output = createOutput({
  stdout: process.stdout,
  stderr: process.stderr,
  ...flags,
  allowColor: flags.allowColor && !readNoColor(),
});

const exitCode = await runCli({
  arguments: argumentList,
  version: readCliVersion(),
  output,
  signal: interruption.signal,
  async getContext() {
    const cwd = readWorkingDirectory();
    const env = await readEnvironment(cwd);
    const isInteractive = Boolean(process.stdin.isTTY && process.stdout.isTTY) && !flags.isJson && !env.isCi;
    return { cwd, env, output, signal: interruption.signal, isInteractive };
  },
});

// Pipes are written asynchronously: exiting before the callback would cut the answer.
process.stdout.write('', () => process.stderr.write('', () => exit(exitCode)));

function exit(code: number): never {
  // eslint-disable-next-line unicorn/no-process-exit -- the one place: a command's leftovers must not keep it alive
  process.exit(code);
}
