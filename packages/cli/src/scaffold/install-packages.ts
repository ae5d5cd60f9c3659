import { spawn } from 'node:child_process';
import { TenonError } from '@tenon/runtime/errors';
import type { Environment } from '../environment.ts';
import { installArguments, type PackageManager } from './package-manager.ts';

const deadlineMs = 10 * 60_000;

export interface InstallOptions {
  readonly manager: PackageManager;
  readonly env: Environment;
  readonly signal: AbortSignal;
}

/**
 * Runs the package manager in a project and waits for its end.
 * @throws TenonError `install_failed`; the signal's reason when it is aborted
 */
export async function installPackages(root: string, options: InstallOptions): Promise<void> {
  const { manager, env, signal } = options;
  const command = [manager, ...installArguments[manager]].join(' ');
  const deadline = AbortSignal.timeout(deadlineMs);
  const ended = await runToEnd([manager, installArguments[manager]], {
    cwd: root,
    variables: env.variables,
    signal: AbortSignal.any([signal, deadline]),
  });
  signal.throwIfAborted();
  if (ended.code === 0) return;
  const reason = deadline.aborted
    ? `did not end within ${deadlineMs / 60_000} minutes`
    : `ended with ${ended.code ?? ended.problem}`;
  const tail = ended.printed.trim().split('\n').slice(-15).join('\n  ');
  throw new TenonError('install_failed', `\`${command}\` ${reason}.${tail === '' ? '' : `\n  ${tail}`}`, {
    hint: `The project is complete but for its packages: run \`${command}\` in ${root}.`,
  });
}

function runToEnd(
  [file, commandArguments]: [PackageManager, readonly string[]],
  options: { cwd: string; variables: Environment['variables']; signal: AbortSignal },
): Promise<{ code: number | null; problem?: string; printed: string }> {
  return new Promise((resolve) => {
    const child = spawn(file, commandArguments, {
      cwd: options.cwd,
      env: options.variables,
      stdio: ['ignore', 'pipe', 'pipe'],
      signal: options.signal,
      // On Windows package managers are .cmd files, which only a shell starts; the arguments are our own constants.
      shell: process.platform === 'win32',
    });
    let printed = '';
    let problem: string | undefined;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => (printed += chunk));
    }
    child.on('error', (error) => {
      problem = error.message;
    });
    child.on('close', (code) => {
      // A command that was not found closes with a negative code.
      resolve({ code: problem === undefined ? code : null, printed, ...(problem !== undefined && { problem }) });
    });
  });
}
