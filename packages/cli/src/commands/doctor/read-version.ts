import { execFile } from 'node:child_process';
import type { Environment } from '../../environment.ts';

/** Runs a program with --version; undefined when it does not run. */
export function readVersion(
  file: string,
  options: { env: Environment; signal: AbortSignal },
): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(
      file,
      ['--version'],
      {
        env: options.env.variables,
        signal: options.signal,
        timeout: 20_000,
        // Package managers are .cmd files there, which only a shell starts; `file` is never a user's text.
        shell: process.platform === 'win32' && !file.endsWith('.exe'),
      },
      (error, stdout) => resolve(error === null ? stdout.trim().split('\n').at(-1) : undefined),
    );
  });
}
