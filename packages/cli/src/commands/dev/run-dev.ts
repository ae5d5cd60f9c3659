import { TenonError } from '@tenon/runtime/errors';
import type { ApiClient } from '../../api-client/api-client.ts';
import { createApiClient } from '../../api-client/create-api-client.ts';
import { readLocalApiKey, readLocalServer } from '../../api-client/local-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { findProjectRoot } from '../../project/find-project-root.ts';
import { DevLoop } from '../../watch/dev-loop.ts';
import { DevKeys } from '../../watch/dev-keys.ts';
import { readKeys, type KeySource } from '../../watch/read-keys.ts';
import { showFirstStep } from '../../watch/show-first-step.ts';
import { showIntegrations } from '../../watch/show-integrations.ts';
import { showProblem } from '../../watch/show-problem.ts';
import { startServer, type ServerProcess } from '../../watch/start-server.ts';
import { streamRuns } from '../../watch/stream-runs.ts';
import { watchProject } from '../../watch/watch-project.ts';

export interface DevFlags {
  readonly port?: number;
  /** For tests; default: the installed server. */
  readonly program?: string;
  /** For tests; default: the process's stdin. */
  readonly keys?: KeySource;
}

/**
 * Develops with a local server: starts it unless one runs for this project, deploys, and keeps deploying what is
 * saved, until it is interrupted or `q` is pressed. Stops the server that it started and gives the terminal back.
 */
export async function runDev(context: CommandContext, flags: DevFlags): Promise<void> {
  const { output } = context;
  const root = findProjectRoot(context.cwd);
  const started = await findOrStartServer(context, { ...flags, root });
  const quit = new AbortController();
  const signal = AbortSignal.any([context.signal, quit.signal]);
  const cleanups: (() => unknown)[] = [() => started.process?.stop()];
  try {
    const server = createApiClient(started);
    cleanups.unshift(() => server.close());
    await server.whoami({ signal });
    output.line(`${output.colors.bold('tenon dev')}  ${started.url}${started.process ? '' : '  (already running)'}`);
    output.event({ type: 'ready', url: started.url, isOwned: started.process !== undefined });

    const failures = new AbortController();
    const fail = (error: unknown) => failures.abort(error);
    const loop = new DevLoop({ root, server, output, signal, onSources: (sources) => watch.follow(sources) });
    cleanups.unshift(() => loop.dispose());
    const watch = await watchProject(root, (changes, savedAtMs) => void loop.save(changes, savedAtMs).catch(fail));
    cleanups.unshift(() => watch.close());
    const streaming = streamRuns(server, { output, root, signal });
    cleanups.unshift(() => streaming);
    cleanups.unshift(listenToKeys(context, { server, flags, root, signal, quit }));
    const begin = async () => {
      await loop.start();
      if (loop.project !== undefined && !signal.aborted) {
        await showIntegrations({ server, output, signal });
        await showFirstStep({ server, project: loop.project, output, signal });
      }
    };
    void begin().catch((error: unknown) => (signal.aborted ? undefined : fail(error)));
    await untilEnd(signal, { failures: failures.signal, server: started.process });
  } finally {
    quit.abort();
    // In reverse order of how they were begun; one that fails does not keep the others from it.
    for (const clean of cleanups) await Promise.resolve(clean()).catch(() => {});
  }
}

interface FoundServer {
  readonly url: string;
  readonly apiKey: string;
  /** The process that was started, and has to be stopped. */
  readonly process: ServerProcess | undefined;
}

async function findOrStartServer(context: CommandContext, options: DevFlags & { root: string }): Promise<FoundServer> {
  const running = await readLocalServer(options.root);
  if (running?.isAlive) return { url: running.url, apiKey: await requireKey(options.root), process: undefined };
  const progress = context.output.progress('Starting the server');
  try {
    const process = await startServer({
      projectRoot: options.root,
      port: options.port,
      variables: context.env.variables,
      signal: context.signal,
      ...(options.program !== undefined && { program: options.program }),
    });
    try {
      return { url: process.url, apiKey: await requireKey(options.root), process };
    } catch (error) {
      await process.stop();
      throw error;
    }
  } finally {
    progress.stop();
  }
}

async function requireKey(root: string): Promise<string> {
  const key = await readLocalApiKey(root);
  if (key !== undefined) return key;
  throw new TenonError('not_logged_in', 'The server wrote no .tenon/api-key.', {
    hint: 'Stop every server of this project and start `tenon dev` again.',
  });
}

function listenToKeys(
  context: CommandContext,
  dev: { server: ApiClient; flags: DevFlags; root: string; signal: AbortSignal; quit: AbortController },
): () => void {
  if (!context.isInteractive) return () => {};
  const { server, signal, root } = dev;
  const onError = (error: unknown) => showProblem(context.output, error, root);
  const keys = new DevKeys({ server, output: context.output, signal, onError });
  context.output.note(context.output.colors.dim('r run all syncs · p pause · q quit'));
  return readKeys(dev.flags.keys ?? process.stdin, (key) => {
    if (key === 'q') dev.quit.abort();
    else void keys.press(key);
  });
}

/** Resolves when the user ends it; rejects when the loop or the server does. */
async function untilEnd(
  signal: AbortSignal,
  end: { failures: AbortSignal; server: ServerProcess | undefined },
): Promise<void> {
  const isOver = new Promise<void>((resolve, reject) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    end.failures.addEventListener('abort', () => reject(end.failures.reason as Error), { once: true });
    if (signal.aborted) resolve();
  });
  if (end.server === undefined) return isOver;
  const printed = await Promise.race([isOver, end.server.ended]);
  if (typeof printed !== 'string' || signal.aborted) return;
  const last = printed.trim().split('\n').slice(-5).join('\n  ');
  throw new TenonError('server_unreachable', `The server ended:\n  ${last}`, { hint: 'Start `tenon dev` again.' });
}
