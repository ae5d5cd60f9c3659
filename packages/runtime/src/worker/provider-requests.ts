import type { Dispatcher } from 'undici';
import type { ScriptRequests } from '../define/script-requests.ts';
import type { StartRun } from '../execute/worker-protocol.ts';
import type { ActiveCredential } from '../provider/credential.ts';
import { createProviderClient, type RequestLogEntry } from '../request/index.ts';
import type { RunLog } from './run-log.ts';

export interface ProviderRequestsOptions {
  readonly start: StartRun;
  /** The process' own: connections to a provider stay open from run to run. */
  readonly dispatcher: Dispatcher;
  readonly signal: AbortSignal;
  readonly log: RunLog;
  renewCredential(signal: AbortSignal): Promise<ActiveCredential>;
}

/** Calls that went well and are logged; calls that did not are logged as long as the log has room. */
const loggedCalls = 500;

/** A run's way to its provider; each call leaves a line in the run's log. */
export function createProviderRequests(options: ProviderRequestsOptions): ScriptRequests {
  const { start, dispatcher, signal, log } = options;
  let credential = start.credential;
  let calls = 0;
  return createProviderClient({
    provider: start.provider,
    connection: start.connection,
    integration: start.integration,
    dispatcher,
    signal,
    deadlineAtMs: Date.now() + start.timeoutMs,
    credential: () => credential,
    renewCredential: async (renewalSignal) => {
      credential = await options.renewCredential(renewalSignal);
      return credential;
    },
    log: (entry) => {
      if (entry.outcome === 'done') calls += 1;
      if (entry.outcome === 'done' && calls > loggedCalls) return;
      log(entry.outcome === 'done' ? 'debug' : 'warn', describeCall(entry), entry);
    },
  });
}

function describeCall({ method, path, status, durationMs, outcome, retryInMs }: RequestLogEntry): string {
  const answer = status === undefined ? outcome : String(status);
  const again = retryInMs === undefined ? '' : `, again in ${Math.round(retryInMs)} ms`;
  return `${method} ${path} -> ${answer} in ${Math.round(durationMs)} ms${again}`;
}
