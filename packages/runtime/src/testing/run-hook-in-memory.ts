import type { HookAuthorization, HookToken, ProviderHooksDefinition } from '../define/define-provider-hooks.ts';
import { runProviderHook, type CalledHookName } from '../execute/provider-hooks/run-provider-hook.ts';
import { interpolateUrl } from '../provider/interpolate-url.ts';
import type { Provider } from '../provider/provider-schema.ts';
import { createOpenRequests } from '../request/open-requests.ts';
import type { RequestLogEntry } from '../request/perform-call.ts';
import type { Exchange } from './exchange.ts';
import type { InMemoryLogEntry } from './in-memory-run.ts';
import { createReplay } from './replay.ts';
import { createSkippingClock } from './skipping-clock.ts';
import { createTestIntegration } from './test-credential.ts';

export interface HookInMemoryOptions {
  provider: Provider;
  name: CalledHookName;
  /** Recorded answers; each must be asked for. */
  exchanges: readonly Exchange[];
  /** As they are stored. Default: none. */
  credentials?: Record<string, string>;
  /** Default: made up. */
  integrationValues?: Record<string, string>;
  config?: Record<string, string>;
  token?: HookToken;
  /** What a browser came back with. */
  authorization?: HookAuthorization;
  signal?: AbortSignal;
}

export interface HookInMemoryResult {
  /** As the hook answered, in plain JSON. */
  answer: unknown;
  log: InMemoryLogEntry[];
  /** One entry an attempt, free of secrets. */
  requests: RequestLogEntry[];
}

/**
 * Calls one hook against a recording, without a server. Requests that scripts make go through beforeRequest in
 * runSyncInMemory and runActionInMemory.
 * @throws TenonError what the hook fails with; `replay_unmatched`, `replay_unused`
 */
export async function runHookInMemory(
  { hooks }: ProviderHooksDefinition,
  options: HookInMemoryOptions,
): Promise<HookInMemoryResult> {
  const { provider, name, credentials = {}, config: connection = {}, token, authorization } = options;
  const integration = options.integrationValues ?? createTestIntegration(provider);
  const signal = options.signal ?? new AbortController().signal;
  const replay = createReplay(options.exchanges);
  const log: InMemoryLogEntry[] = [];
  const requests: RequestLogEntry[] = [];
  const answer = await runProviderHook(hooks, {
    call: { name, token, authorization },
    provider: provider.displayName,
    environment: {
      credentials: () => credentials,
      integration,
      connection,
      signal,
      log: (level, message, data) => {
        log.push({ level, message, ...(data === undefined ? {} : { data }) });
      },
      request: createOpenRequests({
        provider,
        baseUrl: () => interpolateUrl(provider.baseUrl, { connection, integration, credential: credentials }),
        dispatcher: replay.dispatcher,
        clock: createSkippingClock(),
        signal,
        allowHttp: false,
        secrets: [...Object.values(credentials), ...Object.values(integration)],
        log: (entry) => requests.push(entry),
      }),
    },
    verify: () => Promise.resolve(),
  });
  replay.assertAllUsed();
  return { answer, log, requests };
}
