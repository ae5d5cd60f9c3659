import type { CommandContext } from '../../command-context.ts';
import { findProjectRoot } from '../../project/find-project-root.ts';
import { DevServer } from '../../watch/dev-server.ts';
import type { KeySource } from '../../watch/read-keys.ts';

export interface DevFlags {
  readonly port?: number;
  /** For tests; default: the installed server. */
  readonly program?: string;
  /** For tests; default: the process's stdin. */
  readonly keys?: KeySource;
}

/**
 * Develops with a local server: starts it unless one runs for this project, deploys, and keeps deploying what is
 * saved, until it is interrupted or `q` is pressed.
 */
export async function runDev(context: CommandContext, flags: DevFlags): Promise<void> {
  const root = findProjectRoot(context.cwd);
  const server = new DevServer({ context, root, ...flags });
  // What watches, builds and deploys is loaded while the server starts.
  const starting = server.start();
  starting.catch(() => {});
  const { runSession } = await import('./dev-session.ts');
  await runSession(context, { root, server, starting, flags });
}
