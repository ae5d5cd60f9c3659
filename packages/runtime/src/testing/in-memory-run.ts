import { getGlobalDispatcher, type Dispatcher } from 'undici';
import type { LogLevel } from '../contract/index.ts';
import type { ScriptEnvironment } from '../execute/index.ts';
import type { ActiveCredential } from '../provider/credential.ts';
import type { Provider } from '../provider/provider-schema.ts';
import { createRequestHook } from '../execute/provider-hooks/create-request-hook.ts';
import { interpolateUrl } from '../provider/interpolate-url.ts';
import type { Clock } from '../request/clock.ts';
import { createOpenRequests } from '../request/open-requests.ts';
import { createProviderClient } from '../request/provider-client.ts';
import type { RequestLogEntry } from '../request/perform-call.ts';
import type { ProviderHooksDefinition } from '../define/define-provider-hooks.ts';
import type { Exchange } from './exchange.ts';
import { createMemoryServer, type MemoryServer, type MemoryServerOptions } from './memory-server.ts';
import { createReplay, type Replay } from './replay.ts';
import { createSkippingClock } from './skipping-clock.ts';
import { createTestCredential, createTestIntegration, withoutSigning } from './test-credential.ts';

export interface InMemoryOptions {
  provider: Provider;
  /** Recorded answers; each must be asked for. Without these and without a dispatcher, no request is answered. */
  exchanges?: readonly Exchange[];
  /** Instead of exchanges: where requests go. */
  dispatcher?: Dispatcher;
  /** Default: a made-up one of the provider's mode, which signs nothing. */
  credential?: ActiveCredential;
  /** Of the provider: what beforeRequest makes of each request is what is compared with the recording. */
  hooks?: ProviderHooksDefinition;
  /** What the developer configures for the integration. Default: made up. */
  integrationValues?: Record<string, string>;
  /** What the customer is asked for beside the credentials. */
  config?: Record<string, string>;
  metadata?: Record<string, unknown>;
  /** Variables of the environment. */
  variables?: Record<string, string>;
  /** What `callAction` reaches: functions that make the output, by name. */
  actions?: Record<string, (input: unknown) => unknown>;
  /** Names of locks that another run holds. */
  heldLocks?: readonly string[];
  /** Default: the provider's name. */
  integration?: string;
  /** Default: `test`. */
  connectionId?: string;
  signal?: AbortSignal;
}

export interface InMemoryLogEntry {
  readonly level: LogLevel;
  readonly message: string;
  readonly data?: Record<string, unknown>;
}

export interface InMemoryRun {
  readonly environment: ScriptEnvironment;
  readonly server: MemoryServer;
  readonly log: InMemoryLogEntry[];
  /** One entry an attempt, free of secrets. */
  readonly requests: RequestLogEntry[];
  /** Fails when recorded exchanges are left over. */
  finish(): void;
}

/** What a repeated recording puts in place of what a run in memory makes for itself. */
export interface InMemoryParts {
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly replay?: Replay;
  /** Of an earlier attempt: what it committed is there. */
  readonly server?: MemoryServer;
}

/** What syncs and actions need alike to run in memory, through the same request engine as in production. */
export function createInMemoryRun(
  options: InMemoryOptions,
  more: Pick<MemoryServerOptions, 'partitions' | 'stored'> & InMemoryParts = {},
): InMemoryRun {
  const { provider, config = {}, connectionId = 'test' } = options;
  const signal = options.signal ?? new AbortController().signal;
  const credential = options.credential ?? createTestCredential(provider);
  const replay =
    more.replay ?? (options.dispatcher && !options.exchanges ? undefined : createReplay(options.exchanges ?? []));
  const log: InMemoryLogEntry[] = [];
  const requests: RequestLogEntry[] = [];
  const integration = options.integrationValues ?? createTestIntegration(provider);
  const dispatcher = replay?.dispatcher ?? options.dispatcher;
  const clock = more.clock ?? createSkippingClock();
  const server =
    more.server ??
    createMemoryServer({
      ...more,
      variables: options.variables ?? {},
      actions: options.actions ?? {},
      heldLocks: options.heldLocks ?? [],
      metadata: options.metadata ?? {},
      credentials: credential.fields,
    });
  const writeLog: ScriptEnvironment['log'] = (level, message, data) => {
    log.push({ level, message, ...(data === undefined ? {} : { data }) });
  };
  const beforeRequest = createRequestHook(options.hooks?.hooks ?? {}, {
    provider: provider.displayName,
    environment: {
      credentials: () => credential.fields,
      integration,
      connection: config,
      signal,
      log: writeLog,
      request: createOpenRequests({
        provider,
        baseUrl: () =>
          interpolateUrl(provider.baseUrl, { connection: config, integration, credential: credential.fields }),
        dispatcher: dispatcher ?? getGlobalDispatcher(),
        clock,
        signal,
        allowHttp: true,
        secrets: Object.values(credential.fields),
      }),
    },
  });
  return {
    environment: {
      runId: 'run_test',
      integration: options.integration ?? provider.name,
      connection: { id: connectionId, config, metadata: options.metadata ?? {} },
      requests: createProviderClient({
        provider: options.credential ? provider : withoutSigning(provider),
        integration,
        credential: () => credential,
        connection: { id: connectionId, config },
        beforeRequest,
        ...(dispatcher ? { dispatcher } : {}),
        clock,
        ...(more.random && { random: more.random }),
        log: (entry) => requests.push(entry),
        signal,
      }),
      signal,
      log: writeLog,
      ask: server.ask,
      now: () => clock.now(),
    },
    server,
    log,
    requests,
    finish: () => replay?.assertAllUsed(),
  };
}
