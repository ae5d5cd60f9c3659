import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { exitCodes, TenonError } from '@tenon/runtime/errors';
import { ChildExit } from '../../child-exit.ts';
import type { CommandContext } from '../../command-context.ts';
import { findProjectRoot } from '../../project/find-project-root.ts';
import { findServerEntry } from './find-server-entry.ts';

export interface ServerStartOptions {
  readonly port?: string;
  readonly host?: string;
  readonly dataDirectory?: string;
}

/**
 * Runs the server as a process of its own until it ends. An interruption is handed on, and the server's exit code is
 * this command's.
 * @param entry the file that is the server
 * @throws TenonError `usage_invalid`, `server_unreachable`; ChildExit with the server's exit code
 */
export async function runServerStart(
  options: ServerStartOptions,
  context: CommandContext,
  entry: string = findServerEntry(),
): Promise<void> {
  const { cwd, env, signal } = context;
  const variables: NodeJS.ProcessEnv = { ...env.variables };
  if (options.port !== undefined) variables['TENON_PORT'] = checkPort(options.port);
  if (options.host !== undefined) variables['TENON_HOST'] = options.host;
  const dataDirectory = options.dataDirectory ?? variables['TENON_DATA_DIRECTORY'];
  variables['TENON_DATA_DIRECTORY'] = dataDirectory ? resolve(cwd, dataDirectory) : findDefaultDirectory(cwd);

  signal.throwIfAborted();
  const exitCode = await new Promise<number>((resolveCode, reject) => {
    const child = spawn(process.execPath, [entry], {
      cwd,
      env: variables,
      stdio: 'inherit',
      // A group of its own: the terminal's Ctrl+C would reach the server twice otherwise, and a second one means "now".
      detached: process.platform !== 'win32',
    });
    const forward = () => child.kill('SIGTERM');
    signal.addEventListener('abort', forward, { once: true });
    child.on('error', reject);
    child.on('close', (code) => {
      signal.removeEventListener('abort', forward);
      // Killed by a signal: it did not end by itself.
      resolveCode(code ?? exitCodes.server);
    });
  });
  throw new ChildExit(exitCode);
}

/** The project's own, wherever in it the command is started. */
function findDefaultDirectory(cwd: string): string {
  try {
    return join(findProjectRoot(cwd), '.tenon');
  } catch (error) {
    if (error instanceof TenonError && error.code === 'project_not_found') return join(cwd, '.tenon');
    throw error;
  }
}

function checkPort(text: string): string {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return text;
  throw new TenonError('usage_invalid', `--port is "${text}", which is not a port.`, {
    hint: 'Write a number from 0 to 65535; 0 takes a free one.',
  });
}
