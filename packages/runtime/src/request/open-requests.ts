import type { Dispatcher } from 'undici';
import type { HookContext, HookRequestOptions } from '../define/define-provider-hooks.ts';
import type { ProviderResponse } from '../define/script-requests.ts';
import { TenonError } from '../errors/tenon-error.ts';
import type { Provider } from '../provider/provider-schema.ts';
import { appendQuery, parseBaseAddress, resolvePath } from './address.ts';
import type { Authoriser } from './authoriser.ts';
import type { Clock } from './clock.ts';
import { acceptedEncodings } from './decompress-body.ts';
import { encodeBody } from './encode-body.ts';
import { performCall, type RequestLogEntry } from './perform-call.ts';

export interface OpenRequestsOptions {
  readonly provider: Provider;
  /** What paths are relative to; asked when it is needed, since it may name what is not known yet. */
  readonly baseUrl: () => string;
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Whether requests may go over http: to a provider on this machine or in a private network. */
  readonly allowHttp: boolean;
  /** What errors and the log must not show. */
  readonly secrets: readonly string[];
  readonly log?: ((entry: RequestLogEntry) => void) | undefined;
}

/** An answer to a hook: tokens, an account's profile. */
const maxAnswerBytes = 5_000_000;
/** Hooks have half a minute in all. */
const maxWaitMs = 10_000;

function readAddress(url: string, { baseUrl, allowHttp }: OpenRequestsOptions): { origin: string; path: string } {
  const isAbsolute = /^[a-z][a-z0-9+.-]*:/i.test(url);
  const base = parseBaseAddress(isAbsolute && URL.canParse(url) ? new URL(url).origin : baseUrl());
  if (isAbsolute && base.origin.startsWith('http:') && !allowHttp) {
    throw new TenonError(
      'provider_request_invalid',
      `A hook's request to ${base.origin} was refused: it is not https.`,
      {
        hint: 'Use the https address: what hooks send is secret.',
      },
    );
  }
  return { origin: base.origin, path: resolvePath(base, url) };
}

/** No credential goes along, and none is renewed: what a request needs, the hook puts into it. */
function createEmptyAuthoriser(secrets: readonly string[]): Authoriser {
  const nothing = { headers: {}, query: {} };
  return { current: () => nothing, renew: () => Promise.resolve(false), secrets: () => secrets };
}

/**
 * Makes the requests of hooks: through the engine's guard, retries and redaction, to any https address.
 * @returns rejects with TenonError `provider_*`; a 401 is `provider_error` as well, since only the hook knows whether
 *   it means that the customer has to connect again
 */
export function createOpenRequests(options: OpenRequestsOptions): HookContext['request'] {
  const { provider, signal } = options;
  const context = {
    provider,
    connectionId: 'hook',
    transport: { dispatcher: options.dispatcher, maxAnswerBytes },
    authoriser: createEmptyAuthoriser(options.secrets),
    pace: { clock: options.clock, random: Math.random, maxWaitMs },
    log: options.log,
  };

  async function perform(url: string, given: HookRequestOptions): Promise<ProviderResponse> {
    const { origin, path } = readAddress(url, options);
    const body = await encodeBody(given.body);
    const contentType = body.contentType === undefined ? {} : { 'content-type': body.contentType };
    const headers = Object.entries(given.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
    return performCall(context, {
      method: (given.method ?? 'GET').toUpperCase(),
      origin,
      path: appendQuery(path, given.params),
      defaultHeaders: {
        'accept-encoding': acceptedEncodings,
        'user-agent': 'tenon',
        accept: (given.responseType ?? 'json') === 'json' ? 'application/json' : '*/*',
        ...contentType,
      },
      headers: Object.fromEntries(headers),
      body,
      responseType: given.responseType,
      timeoutMs: given.timeoutMs ?? provider.requestTimeoutMs,
      mayRepeat: given.retry,
      signal,
    });
  }

  return async <Data>(url: string, given: HookRequestOptions = {}) => {
    try {
      // The caller says what the provider answers; nothing here can check it.
      return (await perform(url, given)) as ProviderResponse<Data>;
    } catch (error) {
      if (!(error instanceof TenonError) || error.code !== 'provider_unauthorized') throw error;
      throw new TenonError('provider_error', error.message, {
        hint: 'Throw refuseCredentials(...) in the hook if this means that the customer has to connect again.',
        ...(error.details && { details: error.details }),
        cause: error,
      });
    }
  };
}
