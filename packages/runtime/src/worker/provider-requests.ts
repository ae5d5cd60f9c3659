import type { Dispatcher } from 'undici';
import type { ProviderHooks } from '../define/define-provider-hooks.ts';
import { createRequestHook } from '../execute/provider-hooks/create-request-hook.ts';
import type { StartRun } from '../execute/worker-protocol.ts';
import type { ActiveCredential } from '../provider/credential.ts';
import { createProviderClient, limitPages, type ExchangeObserver, type ProviderClient } from '../request/index.ts';
import type { AskServer } from '../execute/script-environment.ts';
import { describeCall } from './describe-call.ts';
import { createHookEnvironment } from './hook-environment.ts';
import type { RunLog } from './run-log.ts';

export interface ProviderRequestsOptions {
  readonly start: StartRun;
  /** The process' own: connections to a provider stay open from run to run. */
  readonly dispatcher: Dispatcher;
  readonly signal: AbortSignal;
  readonly log: RunLog;
  /** Of the provider; undefined: it has none that see requests. */
  readonly hooks: ProviderHooks | undefined;
  /** What the log must not show. */
  readonly secrets: readonly string[];
  readonly ask: AskServer;
  renewCredential(signal: AbortSignal): Promise<ActiveCredential>;
  /** Is told of every request on the wire. */
  readonly observe?: ExchangeObserver | undefined;
}

/** Calls that went well and are logged; calls that did not are logged as long as the log has room. */
const loggedCalls = 500;

/** A run's way to its provider; each call leaves a line in the run's log. */
export function createProviderRequests(options: ProviderRequestsOptions): ProviderClient {
  const { start, dispatcher, signal, log, hooks, secrets } = options;
  const { provider } = start;
  let credential = start.credential;
  let calls = 0;
  const environment = { start, dispatcher, signal, log, secrets, credentials: () => credential.fields };
  const client = createProviderClient({
    provider,
    connection: start.connection,
    integration: start.integration,
    blocksWrites: start.blocksWrites,
    dispatcher,
    signal,
    deadlineAtMs: Date.now() + start.timeoutMs,
    credential: () => credential,
    beforeRequest:
      hooks &&
      createRequestHook(hooks, { provider: provider.displayName, environment: createHookEnvironment(environment) }),
    renewCredential: async (renewalSignal) => {
      credential = await options.renewCredential(renewalSignal);
      return credential;
    },
    rateAsks: {
      permit: () => options.ask({ kind: 'rate-permit' }),
      report: (report) => options.ask({ kind: 'rate-report', ...report }),
    },
    log: (entry) => {
      if (entry.outcome === 'done') calls += 1;
      if (entry.outcome === 'done' && calls > loggedCalls) return;
      log(entry.outcome === 'done' ? 'debug' : 'warn', describeCall(entry), entry, 'http');
    },
    observe: options.observe,
  });
  return start.limitPages === undefined ? client : limitPages(client, start.limitPages);
}
