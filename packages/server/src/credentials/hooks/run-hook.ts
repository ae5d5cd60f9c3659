import { randomUUID } from 'node:crypto';
import type { BaseLogger } from 'pino';
import { TenonError } from '@tenon/runtime/errors';
import { isHookErrorCode, type HookCall } from '@tenon/runtime/execute';
import type { ActiveCredential, Credentials } from '@tenon/runtime/provider';
import type { DeployedProvider } from '../../deployments/deployed-provider.ts';
import type { RunOutcome } from '../../workers/run-request.ts';
import type { WorkerPool } from '../../workers/worker-pool.ts';
import { credentialValues } from './credential-values.ts';

export interface HookRunnerOptions {
  /** A pool of its own: a run that waits for its token to be renewed holds a worker of the others. */
  readonly workers: Pick<WorkerPool, 'execute'>;
  /** The code of a deployed bundle, by its hash. */
  loadBundle(hash: string): Promise<string>;
  readonly log: Pick<BaseLogger, 'debug' | 'warn'>;
  /** After which a hook is ended, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number;
}

export interface HookRequest extends HookCall {
  readonly environmentId: number;
  readonly provider: DeployedProvider;
  readonly credentials: Credentials;
  /** What the verification request is authorised with. */
  readonly credential?: ActiveCredential;
  readonly config: Readonly<Record<string, string>>;
  readonly integration: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

export interface HookRunner {
  /**
   * Calls a hook of the provider in a worker of the environment.
   * @returns what it answered, not yet checked
   * @throws TenonError `provider_unauthorized` when it refuses the customer's credentials, `provider_*` when its requests
   *   fail, `hook_failed` for any other error, end or silence; `unavailable` when no worker could take it
   */
  run(request: HookRequest): Promise<unknown>;
}

const defaultTimeoutMs = 30_000;

/** Runs hooks as scripts are run: isolated, with a deadline, and with nothing but what they are given. */
export function createHookRunner({
  workers,
  loadBundle,
  log,
  timeoutMs = defaultTimeoutMs,
}: HookRunnerOptions): HookRunner {
  return {
    async run({ name, token, authorization, ...request }) {
      const { hooks, ...provider } = request.provider;
      if (!hooks) throw new TenonError('internal', `${provider.displayName} has no hooks.`);
      const place = { provider: provider.name, hook: name };
      const outcome = await workers.execute({
        environmentId: request.environmentId,
        bundleHash: hooks.bundle,
        loadBundle,
        priority: 0,
        start: {
          runId: randomUUID(),
          function: { kind: 'hook', integration: provider.name, name, source: hooks.source },
          connection: { id: name, config: { ...request.config }, metadata: {} },
          provider,
          credential: request.credential ?? { mode: provider.auth.mode, fields: {} },
          integration: { ...request.integration },
          timeoutMs,
          hook: { name, token, authorization, credentials: credentialValues(request.credentials) },
        },
        onAsk: () => Promise.reject(new Error('Hooks ask nothing.')),
        onPage: () => Promise.reject(new TenonError('model_unknown', 'A hook saves no records.')),
        onLog: ({ level, message, data }) =>
          log[level === 'warn' || level === 'error' ? 'warn' : 'debug']({ ...place, data }, message),
        renewCredential: () => Promise.reject(new TenonError('provider_unauthorized', 'A hook renews no credential.')),
        signal: request.signal,
      });
      if (outcome.status === 'succeeded') return outcome.output;
      request.signal.throwIfAborted();
      log.warn({ ...place, status: outcome.status, error: outcome.error }, 'a hook of a provider failed');
      throw toHookFailure(outcome, { hook: name, provider: provider.displayName, timeoutMs });
    },
  };
}

function toHookFailure(
  { status, error }: Exclude<RunOutcome, { status: 'succeeded' }>,
  { hook, provider, timeoutMs }: { hook: string; provider: string; timeoutMs: number },
): TenonError {
  const { code, message, hint, details } = error;
  if (status === 'lost') {
    return new TenonError('unavailable', `The hook ${hook} of ${provider} could not be run: ${message}`, {
      hint: 'Try again in a moment.',
    });
  }
  if (isHookErrorCode(code)) {
    return new TenonError(code, message, { ...(hint !== undefined && { hint }), ...(details && { details }) });
  }
  const why = status === 'timed_out' ? `it did not end within ${timeoutMs / 1_000} s` : message;
  return new TenonError('hook_failed', `The hook ${hook} of ${provider} failed: ${why}`, {
    hint: "Correct the provider's hooks; the server's log says where they failed.",
    details: { hook, cause: code },
  });
}
