import type { CommandContext } from '../command-context.ts';
import { createOutput } from '../output/create-output.ts';
import { TenonError } from '@tenon/runtime/errors';

export interface TestContext extends CommandContext {
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Every JSON document that stdout got, one a line. */
  readonly events: () => unknown[];
  readonly interrupt: () => void;
}

/** A command's context that writes into memory. */
export function createTestContext(
  options: {
    cwd?: string;
    isJson?: boolean;
    isInteractive?: boolean;
    variables?: Record<string, string | undefined>;
    url?: string;
    apiKey?: string;
  } = {},
): TestContext {
  const printed = { stdout: '', stderr: '' };
  const write = (name: keyof typeof printed) => ({
    write(text: string) {
      printed[name] += text;
    },
  });
  const interruption = new AbortController();
  return {
    cwd: options.cwd ?? '/',
    env: {
      url: options.url,
      apiKey: options.apiKey,
      isCi: false,
      userAgent: undefined,
      variables: options.variables ?? {},
    },
    output: createOutput({
      stdout: write('stdout'),
      stderr: write('stderr'),
      isJson: options.isJson ?? false,
      isVerbose: false,
      allowColor: false,
    }),
    signal: interruption.signal,
    isInteractive: options.isInteractive ?? false,
    stdout: () => printed.stdout,
    stderr: () => printed.stderr,
    events: () =>
      printed.stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as unknown),
    interrupt: () => interruption.abort(new TenonError('interrupted', 'Interrupted.')),
  };
}
