import type { Dispatcher } from 'undici';
import type { HookEnvironment } from '../execute/provider-hooks/create-hook-context.ts';
import type { StartRun } from '../execute/worker-protocol.ts';
import { fillDefaults } from '../provider/field-problems.ts';
import { interpolateUrl } from '../provider/interpolate-url.ts';
import { createOpenRequests, systemClock } from '../request/index.ts';
import { describeCall } from './describe-call.ts';
import type { RunLog } from './run-log.ts';

export interface HookEnvironmentOptions {
  readonly start: StartRun;
  readonly dispatcher: Dispatcher;
  readonly signal: AbortSignal;
  readonly log: RunLog;
  /** What the hooks are given of the connection's credentials, as they are now. */
  readonly credentials: () => Readonly<Record<string, string>>;
  /** What errors and the log of their requests must not show. */
  readonly secrets: readonly string[];
}

/** What hooks of a run touch: their own requests, without the connection's credential, and the run's log. */
export function createHookEnvironment(options: HookEnvironmentOptions): HookEnvironment {
  const { start, dispatcher, signal, log, credentials } = options;
  const { provider, integration } = start;
  const connection = fillDefaults(start.connection.config, provider.connection);
  return {
    credentials,
    integration,
    connection,
    signal,
    log,
    request: createOpenRequests({
      provider,
      baseUrl: () => interpolateUrl(provider.baseUrl, { connection, integration, credential: credentials() }),
      dispatcher,
      clock: systemClock,
      signal,
      allowHttp: start.allowPrivateAddresses,
      secrets: options.secrets,
      log: (entry) => log(entry.outcome === 'done' ? 'debug' : 'warn', describeCall(entry), entry),
    }),
  };
}
