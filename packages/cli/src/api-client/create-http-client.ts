import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { AxiosError, create, type AxiosRequestConfig, type AxiosResponse } from 'axios';
import { fetch, Request, Response, type Dispatcher, type RequestInit } from 'undici';
import { createDispatcher, type DispatcherOptions } from './create-dispatcher.ts';

export interface HttpClientOptions extends DispatcherOptions {
  /** Milliseconds between two pieces of an answer that is read to its end. */
  readonly idleMs: number;
}

export interface HttpRequest {
  readonly method: string;
  /** With the query, below the server's address. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly signal: AbortSignal;
}

export interface HttpAnswer<Body> {
  readonly status: number;
  /** By their lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Body;
}

export interface HttpClient {
  /** Reads the answer to its end, whatever its status. */
  ask(request: HttpRequest): Promise<HttpAnswer<string>>;
  /** Leaves the answer to be read: it may never end, and be silent for `idleMs` at a time, or for as long as it likes. */
  open(request: HttpRequest & { readonly idleMs?: number | undefined }): Promise<HttpAnswer<Readable>>;
  /** Closes kept connections. */
  close(): Promise<void>;
}

/**
 * axios for the requests, on undici's fetch for what its own adapters do not have: a limit of making a connection, one
 * of silence in the middle of an answer, and proxies of given variables instead of the process's own.
 */
export function createHttpClient({ idleMs, ...options }: HttpClientOptions): HttpClient {
  const { origin, pathname } = new URL(options.url);
  const connections = createDispatcher(options);
  const forWhole = limitSilence(connections, idleMs);
  const client = create({
    baseURL: origin + pathname.replace(/\/$/, ''),
    adapter: 'fetch',
    // Of one house: a Request of Node's own undici is not one of this.
    env: { fetch: fetchWithSignal, Request, Response } as unknown as NonNullable<AxiosRequestConfig['env']>,
    // The key goes to the address that was named and to no other.
    maxRedirects: 0,
    // Every answer is read by the contract, also one that refuses.
    validateStatus: null,
    transformRequest: [],
    transformResponse: [],
  });

  const send = async <Body>(
    { method, path, headers, body }: HttpRequest,
    config: Pick<AxiosRequestConfig, 'responseType' | 'signal' | 'fetchOptions'>,
  ): Promise<AxiosResponse<Body>> => {
    try {
      return await client.request<Body>({
        ...config,
        method,
        url: path,
        headers: {
          // Without a body axios would name a form; false: there is no type.
          'content-type': false,
          ...headers,
          // What is compressed on the way comes late, which events must not.
          'accept-encoding': 'identity',
        },
        data: body,
      });
    } catch (error) {
      throw causeOf(error);
    }
  };

  return {
    async ask(request) {
      const { signal } = request;
      const fetchOptions = { dispatcher: forWhole };
      const response = await send<string>(request, { responseType: 'text', signal, fetchOptions });
      return { ...aboutOf(response), body: response.data };
    },
    async open({ idleMs: silentMs = 0, ...request }) {
      const dispatcher = limitSilence(connections, silentMs);
      const fetchOptions = { dispatcher, streamSignal: request.signal };
      const response = await send<ReadableStream | null>(request, { responseType: 'stream', fetchOptions });
      return {
        ...aboutOf(response),
        body: response.data === null ? Readable.from([]) : Readable.fromWeb(response.data),
      };
    },
    close: () => connections.destroy(),
  };
}

interface FetchOptions extends RequestInit {
  readonly streamSignal?: AbortSignal;
}

/** A stream that axios knows a signal of is wrapped by it, and then not left before its next piece has come. */
function fetchWithSignal(input: Request, { streamSignal, ...init }: FetchOptions): Promise<Response> {
  return fetch(input, streamSignal === undefined ? init : { ...init, signal: streamSignal });
}

/** fetch has no limits of its own for an answer, so they are set on the way. */
function limitSilence(connections: Dispatcher, bodyTimeout: number): Dispatcher {
  return connections.compose(
    (dispatch) => (options, handler) =>
      // Until the first byte, the call's own limit holds: an action answers when its run ends.
      dispatch({ ...options, bodyTimeout, headersTimeout: 0 }, handler),
  );
}

function aboutOf({ status, headers }: AxiosResponse): Pick<HttpAnswer<unknown>, 'status' | 'headers'> {
  return { status, headers: { ...headers } as HttpAnswer<unknown>['headers'] };
}

/** axios's own error holds the request, and so the key: only what went wrong is handed on. */
function causeOf(error: unknown): unknown {
  if (!(error instanceof AxiosError)) return error;
  return error.cause ?? Object.assign(new Error(error.message), { code: error.code });
}
