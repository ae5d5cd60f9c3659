import { TenonApiError } from './api-error.ts';
import { retryDelayMs } from './retry-timing.ts';

/** As much of `fetch` as this client needs; the global one fits, and so does any other. */
export type Fetch = (
  url: string,
  init: { method: string; headers: { [name: string]: string }; body?: string; signal: AbortSignal },
) => Promise<{
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}>;

export interface TenonOptions {
  /** Address of the Tenon server, such as `https://tenon.example.com`. */
  readonly url: string;
  readonly apiKey: string;
  /** Default: the global `fetch`. */
  readonly fetch?: Fetch | undefined;
  /** Milliseconds for one attempt. Default 30,000; an action waits for as long as it may run. */
  readonly timeoutMs?: number | undefined;
  /** How often a refused or failed call is repeated. Default 3. */
  readonly maxRetries?: number | undefined;
}

/** What every call takes as its last argument. */
export interface CallOptions {
  /** Ends the call, and its waiting between attempts; it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for one attempt, instead of the client's. */
  readonly timeoutMs?: number | undefined;
}

export interface ApiRequest extends CallOptions {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Unencoded segments after /v1. */
  readonly path: readonly string[];
  readonly query?: { readonly [name: string]: string | number | boolean | undefined } | undefined;
  readonly body?: unknown;
}

/** Sends calls to the server: authorised, limited in time, repeated where that is safe. */
export class Transport {
  readonly #url: string;
  readonly #apiKey: string;
  readonly #fetch: Fetch;
  readonly #timeoutMs: number;
  readonly #maxRetries: number;

  constructor(options: TenonOptions) {
    this.#url = options.url.replace(/\/+$/, '');
    this.#apiKey = options.apiKey;
    this.#fetch = options.fetch ?? ((url, init) => fetch(url, init));
    this.#timeoutMs = options.timeoutMs ?? 30_000;
    this.#maxRetries = options.maxRetries ?? 3;
  }

  /**
   * Makes one call.
   * @returns the answer's JSON, or undefined when it has no body
   * @throws TenonApiError when the server refuses, does not answer, or answers with something else than JSON
   */
  async send<Answer>(request: ApiRequest): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      request.signal?.throwIfAborted();
      const outcome = await this.#attempt<Answer>(request);
      if (!('error' in outcome)) return outcome.answer;
      const { error, retryAfter } = outcome;
      const delayMs =
        attempt > this.#maxRetries
          ? undefined
          : retryDelayMs({ method: request.method, status: error.status, code: error.code, attempt, retryAfter });
      if (delayMs === undefined) throw error;
      await wait(delayMs, request.signal);
    }
  }

  async #attempt<Answer>(
    request: ApiRequest,
  ): Promise<{ answer: Answer } | { error: TenonApiError; retryAfter: string | null }> {
    const address = this.#url + addressOf(request);
    const timeoutMs = request.timeoutMs ?? this.#timeoutMs;
    const controller = new AbortController();
    const abort = (): void => controller.abort(request.signal?.reason);
    request.signal?.addEventListener('abort', abort, { once: true });
    const timer = setTimeout(() => controller.abort(), timeoutMs);
    try {
      const send = this.#fetch;
      const response = await send(address, {
        method: request.method,
        headers: {
          accept: 'application/json',
          authorization: `Bearer ${this.#apiKey}`,
          ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
        signal: controller.signal,
      });
      const text = await response.text();
      const json = readJson(text);
      if (response.status >= 200 && response.status < 300 && (json !== undefined || text === '')) {
        return { answer: json as Answer };
      }
      return { error: errorOf(request, response.status, json), retryAfter: response.headers.get('retry-after') };
    } catch (cause) {
      request.signal?.throwIfAborted();
      const late = controller.signal.aborted;
      const error = new TenonApiError({
        code: late ? 'timed_out' : 'network_failed',
        status: 0,
        message: late
          ? `${request.method} ${address} did not answer within ${timeoutMs} ms.`
          : `${request.method} ${address} could not be sent or answered.`,
        hint: late ? 'Give the call more timeoutMs.' : 'Check that the Tenon server runs and that its url is right.',
        cause,
      });
      return { error, retryAfter: null };
    } finally {
      clearTimeout(timer);
      request.signal?.removeEventListener('abort', abort);
    }
  }
}

function addressOf(request: ApiRequest): string {
  const path = request.path.map((segment) => {
    // URL parsers resolve these, encoded or not, so the call would silently reach another address.
    if (segment === '' || segment === '.' || segment === '..') {
      throw new TypeError(`"${segment}" cannot be part of an address.`);
    }
    return encodeURIComponent(segment);
  });
  const query = Object.entries(request.query ?? {})
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`);
  return `/v1/${path.join('/')}${query.length > 0 ? `?${query.join('&')}` : ''}`;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function errorOf(request: ApiRequest, status: number, json: unknown): TenonApiError {
  const body = (json as { error?: { [key: string]: unknown } } | null | undefined)?.error;
  if (typeof body === 'object' && typeof body['code'] === 'string' && typeof body['message'] === 'string') {
    return new TenonApiError({
      code: body['code'],
      message: body['message'],
      status,
      hint: typeof body['hint'] === 'string' ? body['hint'] : undefined,
      requestId: typeof body['requestId'] === 'string' ? body['requestId'] : undefined,
      details: typeof body['details'] === 'object' ? (body['details'] as { [key: string]: unknown }) : undefined,
    });
  }
  return new TenonApiError({
    code: 'answer_invalid',
    message: `${request.method} /v1/${request.path.join('/')} answered ${status} with something that is not Tenon's.`,
    status,
    hint: 'Check that url names a Tenon server, and what stands between.',
  });
}

function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
