import { setMaxListeners } from 'node:events';
import { getGlobalDispatcher, type Dispatcher } from 'undici';
import type { PaginateOptions, ProviderResponse, RequestOptions, ScriptRequests } from '../define/script-requests.ts';
import type { ActiveCredential } from '../provider/credential.ts';
import { fillDefaults } from '../provider/field-problems.ts';
import { interpolateUrl } from '../provider/interpolate-url.ts';
import type { Provider } from '../provider/provider-schema.ts';
import { appendQuery, parseBaseAddress, resolvePath } from './address.ts';
import { defaultMaxAnswerBytes } from './answer-limit.ts';
import { createAuthoriser } from './authoriser.ts';
import { systemClock, type Clock } from './clock.ts';
import { acceptedEncodings } from './decompress-body.ts';
import { encodeBody } from './encode-body.ts';
import type { ExchangeObserver } from './exchange-observer.ts';
import { paginateFrom, type PaginateFrom } from './paginate.ts';
import { refuseWrite } from './refuse-write.ts';
import type { RequestHook } from './request-hook.ts';
import { createRatePermits, type RateAsks } from './rate-permits.ts';
import { performCall, type Call, type CallContext, type RequestLogEntry } from './perform-call.ts';

/** The longest single wait for a rate limit, by default: longer ones end the call, so that the worker is free. */
const defaultMaxWaitMs = 60_000;

export interface ProviderClientOptions {
  provider: Provider;
  /** The credential as it is now; asked before every attempt. */
  credential: () => ActiveCredential;
  /** Called once when the provider refuses the credential; concurrent calls share it. */
  renewCredential?: (signal: AbortSignal) => Promise<ActiveCredential>;
  connection: { id: string; config: Readonly<Record<string, string>> };
  /** What the developer configured and the provider's templates name: a developer token. */
  integration?: Readonly<Record<string, string>>;
  /** Of the provider: changes each request just before it is sent. */
  beforeRequest?: RequestHook | undefined;
  /** Default: undici's own pool of this process. */
  dispatcher?: Dispatcher;
  clock?: Clock;
  /** 0 <= n < 1, for the jitter of retries. */
  random?: () => number;
  log?: (entry: RequestLogEntry) => void;
  /** Is told of every request on the wire. */
  observe?: ExchangeObserver | undefined;
  /** Asked before every attempt, and told of limits. Default: nobody counts the calls. */
  rateAsks?: RateAsks | undefined;
  /** Ends every request and wait; calls reject with its reason. */
  signal: AbortSignal;
  /** Unix time in milliseconds when the run must have ended: no wait goes beyond it. */
  deadlineAtMs?: number;
  /** In milliseconds. Default 60,000. */
  maxWaitMs?: number;
  /** Default 50 MB. */
  maxAnswerBytes?: number;
  /** Requests that may change something at the provider are refused before they are sent. Default false. */
  blocksWrites?: boolean | undefined;
}

/** What scripts are given, and what the engine itself needs to go on with a list. */
export interface ProviderClient extends ScriptRequests {
  /** As paginate(), from any page on; tells which page comes next. */
  paginateFrom<Item = Record<string, unknown>>(
    path: string,
    options: PaginateOptions,
    from: PaginateFrom,
  ): AsyncIterable<Item[]>;
}

const engineHeaders = {
  'accept-encoding': acceptedEncodings,
  // Some APIs refuse calls without one (GitHub).
  'user-agent': 'tenon',
};

function lowerNames(headers: Readonly<Record<string, string>> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
}

/**
 * Makes what a script's requests go through: authorised with the connection's credential, retried, limited, and bound
 * to the provider's origin.
 * @throws TenonError `interpolation_failed` when the connection lacks a value that the base URL needs
 */
export function createProviderClient(options: ProviderClientOptions): ProviderClient {
  const { provider, connection, signal } = options;
  const config = fillDefaults(connection.config, provider.connection);
  const credential = options.credential().fields;
  // Each call in flight listens until it ends; eleven at once are no leak, which is what Node would warn of.
  setMaxListeners(0, signal);
  const base = parseBaseAddress(
    interpolateUrl(provider.baseUrl, { connection: config, credential, integration: options.integration ?? {} }),
  );
  const context: CallContext = {
    provider,
    connectionId: connection.id,
    transport: {
      dispatcher: options.dispatcher ?? getGlobalDispatcher(),
      maxAnswerBytes: options.maxAnswerBytes ?? defaultMaxAnswerBytes,
    },
    beforeRequest: options.beforeRequest,
    authoriser: createAuthoriser({ ...options, config, renewCredential: options.renewCredential }),
    pace: {
      clock: options.clock ?? systemClock,
      random: options.random ?? Math.random,
      maxWaitMs: options.maxWaitMs ?? defaultMaxWaitMs,
      deadlineAtMs: options.deadlineAtMs,
    },
    permits:
      options.rateAsks &&
      createRatePermits(options.rateAsks, { provider: provider.displayName, connection: connection.id }),
    log: options.log,
    observe: options.observe,
  };

  async function perform(
    method: string,
    path: string,
    requestOptions: RequestOptions,
    callSignal: AbortSignal,
  ): Promise<ProviderResponse> {
    if (options.blocksWrites) refuseWrite({ method, path, isRead: requestOptions.isRead }, provider.displayName);
    const body = await encodeBody(requestOptions.body);
    const contentType = body.contentType === undefined ? {} : { 'content-type': body.contentType };
    const accept = (requestOptions.responseType ?? 'json') === 'json' ? 'application/json' : '*/*';
    const call: Call = {
      method: method.toUpperCase(),
      origin: base.origin,
      path: appendQuery(resolvePath(base, path), requestOptions.params),
      defaultHeaders: { ...engineHeaders, accept, ...contentType },
      headers: lowerNames(requestOptions.headers),
      body,
      responseType: requestOptions.responseType,
      timeoutMs: requestOptions.timeoutMs ?? provider.requestTimeoutMs,
      mayRepeat: requestOptions.retry,
      signal: callSignal,
    };
    return performCall(context, call);
  }

  const resolveLink = (target: string, from: string): string =>
    URL.canParse(target) ? target : new URL(target, base.origin + resolvePath(base, from)).href;

  // The caller of a generic method says what the provider answers; nothing here can check it.
  const request = async <Data>(method: string, path: string, requestOptions: RequestOptions = {}) =>
    (await perform(method, path, requestOptions, signal)) as ProviderResponse<Data>;

  const readFrom = <Item>(path: string, paginateOptions: PaginateOptions, from: PaginateFrom) =>
    paginateFrom(
      { provider, path, options: paginateOptions, perform, resolveLink, signal, now: () => context.pace.clock.now() },
      from,
    ) as AsyncIterable<Item[]>;

  return {
    request,
    get: (path, requestOptions) => request('GET', path, requestOptions),
    post: (path, body, requestOptions) => request('POST', path, { ...requestOptions, body }),
    put: (path, body, requestOptions) => request('PUT', path, { ...requestOptions, body }),
    patch: (path, body, requestOptions) => request('PATCH', path, { ...requestOptions, body }),
    delete: (path, requestOptions) => request('DELETE', path, requestOptions),
    paginate: <Item>(path: string, paginateOptions = {}) => readFrom<Item>(path, paginateOptions, {}),
    paginateFrom: readFrom,
  };
}
