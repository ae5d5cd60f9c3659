import type { ApiClient } from '../../api-client/api-client.ts';
import type { CommandContext } from '../../command-context.ts';
import { openBrowser } from '../../connect/open-browser.ts';
import { listSampleEvents } from '../../events/list-sample-events.ts';
import { readEnvironment } from '../../environment.ts';
import { shippedTemplatesFolder } from '../../project/templates-folder.ts';
import { DevKeys } from '../../watch/dev-keys.ts';
import { DevLoop } from '../../watch/dev-loop.ts';
import type { DevServer } from '../../watch/dev-server.ts';
import { findServerPage } from '../../watch/find-server-page.ts';
import { readKeys } from '../../watch/read-keys.ts';
import { showFirstStep } from '../../watch/show-first-step.ts';
import { showIntegrations } from '../../watch/show-integrations.ts';
import { showProblem } from '../../watch/show-problem.ts';
import { streamRuns } from '../../watch/stream-runs.ts';
import { suspendProcess } from '../../watch/suspend-process.ts';
import { environmentFileName, watchProject, type FileChange } from '../../watch/watch-project.ts';
import type { DevFlags } from './run-dev.ts';

/** What the parts of one `tenon dev` share. */
interface Session {
  readonly context: CommandContext;
  readonly root: string;
  readonly signal: AbortSignal;
  readonly server: DevServer;
  readonly loop: DevLoop;
  /** Ends it as if `q` had been pressed. */
  readonly quit: () => void;
  /** Ends it with an error. */
  readonly fail: (error: unknown) => void;
}

/**
 * What `tenon dev` does beside its server: deploys, and keeps deploying what is saved, until it is interrupted or `q` is
 * pressed. Stops the server, if it is its own, and gives the terminal back.
 * @param options.starting the server's start, which is under way
 */
export async function runSession(
  context: CommandContext,
  options: { root: string; server: DevServer; starting: Promise<ApiClient>; flags: DevFlags },
): Promise<void> {
  const { output } = context;
  const { root, server, starting, flags } = options;
  const end = new AbortController();
  const stop = () => end.abort();
  context.signal.addEventListener('abort', stop, { once: true });
  if (context.signal.aborted) stop();
  const { signal } = end;
  // First in, last out: the server ends when nothing uses it any more.
  const cleanups: (() => unknown)[] = [() => server.stop()];
  try {
    // The project is read and compiled while the server starts, and nothing that is saved meanwhile is lost.
    const target = starting.then(async (api) => {
      const { activeVersion } = await api.whoami({ signal });
      const owned = server.isOwned ? '' : '  (already running)';
      output.line(`${output.colors.bold('tenon dev')}  ${api.url}${owned}`);
      output.event({ type: 'ready', url: api.url, isOwned: server.isOwned });
      return { server: api, activeVersion };
    });
    target.catch(() => {});
    const failures = new AbortController();
    const fail = (error: unknown) => failures.abort(error);
    const loop = new DevLoop({
      root,
      target,
      output,
      signal,
      onSources: (sources, readAtMs) => watch.follow(sources, readAtMs),
    });
    cleanups.unshift(() => loop.dispose());
    const session: Session = { context, root, signal, server, loop, quit: stop, fail };
    const watch = await watchProject(root, (changes, savedAtMs) => onChanges(session, changes, savedAtMs));
    cleanups.unshift(() => watch.close());
    const first = loop.start();
    first.catch(() => {});
    const api = await starting;
    await target;
    cleanups.unshift(listenToKeys(session, api, flags));
    const streaming = streamRuns(api, { output, root, signal });
    cleanups.unshift(() => streaming);
    void server.keepRunning().catch(fail);
    void greet(session, api, first).catch((error: unknown) => (signal.aborted ? undefined : fail(error)));
    await untilEnd(signal, failures.signal);
  } finally {
    context.signal.removeEventListener('abort', stop);
    stop();
    // In reverse order of how they were begun; one that fails does not keep the others from it.
    for (const clean of cleanups) await Promise.resolve(clean()).catch(() => {});
  }
}

async function greet({ loop, signal, context }: Session, server: ApiClient, first: Promise<void>): Promise<void> {
  await first;
  if (loop.project === undefined || signal.aborted) return;
  await showIntegrations({ server, output: context.output, signal });
  await showFirstStep({ server, project: loop.project, output: context.output, signal });
}

function onChanges(session: Session, changes: readonly FileChange[], savedAtMs: number): void {
  const { loop, fail, signal } = session;
  const sources = changes.filter(({ path }) => path !== environmentFileName);
  if (sources.length > 0) void loop.save(sources, savedAtMs).catch(fail);
  if (sources.length === changes.length) return;
  void useEnvironmentFile(session).catch((error: unknown) => (signal.aborted ? undefined : fail(error)));
}

/** The server reads its variables once, when it starts. */
async function useEnvironmentFile({ context, root, server }: Session): Promise<void> {
  const { output } = context;
  try {
    const { variables } = await readEnvironment(root);
    if (await server.useVariables(variables)) return;
    output.line(
      `${environmentFileName} changed; the server that runs was started elsewhere, and reads it when it starts.`,
    );
  } catch (error) {
    await showProblem(output, error, { root, note: `the server runs on with the ${environmentFileName} of before` });
  }
}

function listenToKeys(session: Session, server: ApiClient, flags: DevFlags): () => void {
  const { context, root, signal, loop } = session;
  if (!context.isInteractive) return () => {};
  const { output } = context;
  const keys = new DevKeys({
    server,
    output,
    signal,
    onError: (error) => void showProblem(output, error, { root }),
    async openPage() {
      const url = await findServerPage(server.url, signal);
      const isOpened = await openBrowser(url, context.env.variables);
      output.line(`${isOpened ? 'Opened' : 'Open'} ${output.colors.cyan(url)}`);
    },
    async listSamples(integration) {
      const provider = loop.project?.config.integrations[integration]?.provider ?? integration;
      return listSampleEvents({ root, integration, provider, templatesFolder: shippedTemplatesFolder });
    },
  });
  output.note(output.colors.dim('r run · t test webhook · o open · p pause · c clear · h help · q quit'));
  return readKeys(flags.keys ?? process.stdin, {
    onKey(key) {
      if (key === 'q' && !keys.isAsking) session.quit();
      else void keys.press(key);
    },
    suspend: suspendProcess,
  });
}

/** Resolves when the user ends it; rejects when the loop or the server does. */
function untilEnd(signal: AbortSignal, failures: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = () => reject(failures.reason as Error);
    signal.addEventListener('abort', () => resolve(), { once: true });
    failures.addEventListener('abort', fail, { once: true });
    if (failures.aborted) fail();
    if (signal.aborted) resolve();
  });
}
