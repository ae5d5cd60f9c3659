import type { Dispatcher } from 'undici';
import { TenonError } from '../errors/tenon-error.ts';
import { createRequestHook } from '../execute/provider-hooks/create-request-hook.ts';
import { readProviderHooks } from '../execute/provider-hooks/read-provider-hooks.ts';
import { runProviderHook } from '../execute/provider-hooks/run-provider-hook.ts';
import type { StartRun } from '../execute/worker-protocol.ts';
import { verifyConnection } from '../request/index.ts';
import { createHookEnvironment } from './hook-environment.ts';
import { describeCall } from './describe-call.ts';
import type { RunLog } from './run-log.ts';

export interface ExecuteHookOptions {
  readonly dispatcher: Dispatcher;
  readonly signal: AbortSignal;
  readonly log: RunLog;
  readonly secrets: readonly string[];
}

/** Somebody waits for the answer, so a verification is repeated once and never waits long. */
const verificationPace = { maxAttempts: 2, maxWaitMs: 2_000 };

/**
 * Calls the one hook that a run of the kind `hook` is for.
 * @throws TenonError `hook_failed`, and what hooks throw on purpose
 */
export async function executeHook(
  start: StartRun,
  exported: Record<string, unknown>,
  { dispatcher, signal, log, secrets }: ExecuteHookOptions,
): Promise<{ output?: unknown }> {
  const { hook: call, provider, connection, integration } = start;
  if (!call) throw new TenonError('internal', 'The worker was not told which hook to call.');
  const hooks = readProviderHooks(exported, start.function.source);
  const base = { start, dispatcher, signal, log, secrets };
  const environment = createHookEnvironment({ ...base, credentials: () => call.credentials });
  const requesting = createHookEnvironment({ ...base, credentials: () => start.credential.fields });
  const output = await runProviderHook(hooks, {
    call,
    provider: provider.displayName,
    environment,
    verify: () =>
      verifyConnection({
        provider: { ...provider, retry: { ...provider.retry, maxAttempts: verificationPace.maxAttempts } },
        credential: () => start.credential,
        connection,
        integration,
        dispatcher,
        signal,
        beforeRequest: createRequestHook(hooks, { provider: provider.displayName, environment: requesting }),
        maxWaitMs: verificationPace.maxWaitMs,
        log: (entry) => log(entry.outcome === 'done' ? 'debug' : 'warn', describeCall(entry), entry),
      }),
  });
  return output === undefined ? {} : { output };
}
