import { z } from 'zod';
import { TenonError } from '../errors/tenon-error.ts';
import { toRunError } from '../execute/to-run-error.ts';
import type { ServerMessage, StartRun, WorkerMessage } from '../execute/worker-protocol.ts';
import type { RunError } from '../contract/api/runs.ts';
import { createProviderDispatcher } from '../request/index.ts';
import { askRedacted } from './ask-redacted.ts';
import { createBundleCache } from './evaluate-bundle.ts';
import { executeHook } from './execute-hook.ts';
import { executeRun } from './execute-run.ts';
import { listHookSecrets } from './list-hook-secrets.ts';
import { readProviderHooks } from '../execute/provider-hooks/read-provider-hooks.ts';
import { createGlobalGuard } from './global-guard.ts';
import { countActiveResources } from './active-resources.ts';
import type { LastingGlobals } from './lasting-globals.ts';
import type { NetworkGuard } from './network-guard.ts';
import { createProviderRequests } from './provider-requests.ts';
import { createRunChannel, type RunChannel } from './run-channel.ts';
import { createRunCapture } from './run-capture.ts';
import { createRunLog, type RunLog } from './run-log.ts';
import { createRunRedactor } from './run-redactor.ts';
import { listIntegrationSecrets } from '../provider/list-integration-secrets.ts';
import { createScriptConsole } from './script-console.ts';
import { createScriptModules } from './script-modules.ts';
import { createScriptProcess } from './script-process.ts';
import { createScriptTimers } from './script-timers.ts';
import type { WriteGuard } from './write-guard.ts';

export interface ScriptHost {
  receive(message: ServerMessage): void;
  /** An exception or rejection that nobody caught. False: no run is on that it could belong to. */
  fail(error: unknown): boolean;
}

/** What is put in place before anything of a script is there. */
export interface ScriptHostParts {
  exit(code: number): never;
  readonly network: NetworkGuard;
  readonly writes: WriteGuard;
  readonly lasting: LastingGlobals;
}

interface CurrentRun {
  readonly runId: string;
  readonly abort: AbortController;
  readonly channel: RunChannel;
  readonly log: RunLog;
}

const maxTimerMs = 2 ** 31 - 1;

/**
 * Executes one run after the other in this process. Between runs the process is looked over: what a run may have left
 * behind (changed globals, sockets, timers of others) makes it say `reusable: false`, and the server ends it.
 */
export function createScriptHost(
  send: (message: WorkerMessage) => void,
  { exit, network, writes, lasting }: ScriptHostParts,
): ScriptHost {
  let current: CurrentRun | undefined;
  const bundles = createBundleCache();
  const console = createScriptConsole((level, message) => current?.log(level, message));
  const guard = createGlobalGuard();
  guard.add(console);
  const modules = createScriptModules((module) => guard.add(module));
  const dispatchers = {
    open: createProviderDispatcher(),
    guarded: createProviderDispatcher({ allowPrivateAddresses: false }),
  };
  const zodConfig = { ...z.config() };

  async function run(start: StartRun): Promise<void> {
    const { runId } = start;
    const resourcesBefore = countActiveResources();
    const abort = new AbortController();
    const channel = createRunChannel(runId, { send, signal: abort.signal });
    const redactor = createRunRedactor(start.credential, [
      ...listIntegrationSecrets(start.provider, start.integration),
      ...listHookSecrets(start),
    ]);
    const log = createRunLog({
      write: (entry) => send({ type: 'log', runId, ...entry }),
      redact: redactor.redactText,
    });
    const capture = start.capture && createRunCapture(start, { limits: start.capture, redactor });
    const sendCapture = (error?: RunError): void => {
      try {
        if (capture) send({ type: 'capture', runId, capture: capture.finish(error) });
      } catch (failure) {
        // The run ends as it would without; a script's values may be such that they cannot be written down.
        log('warn', `The run could not be captured: ${String(failure)}`, undefined, 'engine');
      }
    };
    current = { runId, abort, channel, log };
    network.allowPrivateAddresses(start.allowPrivateAddresses);
    writes.blockWrites(start.blocksWrites === true);
    lasting.begin();
    modules.begin();
    const deadline = setTimeout(() => abort.abort(timedOut(start.timeoutMs)), Math.min(start.timeoutMs, maxTimerMs));
    const timers = createScriptTimers();
    let mapStack: ((stack: string) => string | undefined) | undefined;
    try {
      const scriptProcess = createScriptProcess({ exit, write: (level, text) => log(level, text.replace(/\n$/, '')) });
      shareGlobal('process', scriptProcess);
      shareGlobal('console', console);
      // A model's id may be registered once in a process, but every run declares its models anew.
      z.globalRegistry.clear();
      z.config(zodConfig);
      const bundle = bundles.get(start.bundle);
      mapStack = bundle.mapStack;
      const require = modules.createRequire({ process: scriptProcess, timers });
      const scope = { require, process: scriptProcess, console, ...timers };
      const exported = bundle.evaluate(scope);
      const hookBundle = start.hooks && bundles.get(start.hooks);
      if (hookBundle) mapStack = (stack) => bundle.mapStack(stack) ?? hookBundle.mapStack(stack);
      const hooks = hookBundle && readProviderHooks(hookBundle.evaluate(scope), start.hooks?.source ?? '');
      send({ type: 'started', runId });
      const dispatcher = start.allowPrivateAddresses ? dispatchers.open : dispatchers.guarded;
      const { connection, function: script } = start;
      const reach = { dispatcher, signal: abort.signal, log, secrets: redactor.secrets() };
      const renewCredential = async (signal: AbortSignal) => {
        const credential = await channel.renewCredential(signal);
        redactor.add(credential);
        return credential;
      };
      const ask = askRedacted((question) => channel.ask(question), redactor);
      const result =
        script.kind === 'hook'
          ? await executeHook(start, exported, reach)
          : await executeRun(start, exported, {
              runId,
              integration: script.integration,
              connection,
              requests: createProviderRequests({
                ...reach,
                start,
                hooks,
                ask: (ask) => channel.ask(ask),
                renewCredential,
                observe: capture?.observe,
              }),
              signal: abort.signal,
              log,
              ask: capture ? capture.wrapAsk(ask) : ask,
              holdsSecret: redactor.isIn,
              channel,
            });
      timers.clear();
      lasting.clear();
      // Handles that were closed just now are gone from the list of resources after a turn of the loop.
      await new Promise((resolve) => setImmediate(resolve));
      clearTimeout(deadline);
      abort.signal.throwIfAborted();
      current = undefined;
      const reusable = !guard.isTouched() && !lasting.isUsed() && countActiveResources() <= resourcesBefore;
      const isPartial = 'sync' in result && (result.sync?.partitions.failed.length ?? 0) > 0;
      if (isPartial || start.capture?.always === true) sendCapture();
      send({ type: 'succeeded', runId, ...result, reusable });
    } catch (error) {
      clearTimeout(deadline);
      current = undefined;
      const described = redactor.redactError(describe(error, mapStack));
      sendCapture(described);
      send({ type: 'failed', runId, error: described, reusable: false });
    }
  }

  return {
    receive(message) {
      if (message.type === 'start') void run(message);
      else if (message.runId !== current?.runId) return;
      else if (message.type === 'cancel') current.abort.abort(cancelled(message.reason));
      else current.channel.receive(message);
    },
    fail(error) {
      if (!current) return false;
      current.abort.abort(error ?? new Error('A promise was rejected without a reason.'));
      return true;
    },
  };
}

function describe(error: unknown, mapStack: ((stack: string) => string | undefined) | undefined): RunError {
  try {
    return toRunError(error, mapStack);
  } catch {
    // A script's error may have getters that throw.
    return { code: 'script_failed', message: 'The script threw an error that cannot be read.' };
  }
}

function timedOut(timeoutMs: number): TenonError {
  return new TenonError('script_timed_out', `The script did not finish within ${timeoutMs / 1_000} s.`, {
    hint: 'Do less in a run (a cursor reads only what is new), or raise `timeout` in the definition.',
  });
}

function cancelled(reason: 'cancelled' | 'timed_out'): TenonError {
  return reason === 'cancelled'
    ? new TenonError('run_cancelled', 'The run was cancelled.')
    : new TenonError('script_timed_out', 'The script did not finish before its deadline.');
}

function shareGlobal(name: 'process' | 'console', value: object): void {
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
}
