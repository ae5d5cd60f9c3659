import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Readable } from 'node:stream';
import { TenonError } from '@tenon/runtime/errors';
import axios, { type AxiosResponse } from 'axios';
import type { z } from 'zod';
import { answerError } from './answer-error.ts';

export interface ServerAddress {
  readonly url: string;
  readonly apiKey: string;
  /** The preview in which every call acts. */
  readonly preview?: string;
}

export interface ApiCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Unencoded segments after /v1. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Sent as JSON, unless `contentType` says that it is text of another kind. */
  readonly body?: unknown;
  readonly contentType?: string;
  readonly signal?: AbortSignal;
  /** Milliseconds until the whole answer must be there. Default 30,000. */
  readonly timeoutMs?: number;
}

export interface HttpTransport {
  /**
   * Makes one call and checks the answer against the contract.
   * @throws TenonError `server_unreachable`, `server_answer_invalid`, or what the server refused with
   */
  call<Schema extends z.ZodType>(call: ApiCall, schema: Schema): Promise<z.output<Schema>>;
  /** Opens an answer that does not end, such as events; the caller destroys it. */
  open(call: ApiCall & { accept: string }): Promise<Readable>;
  /** Closes kept connections. */
  close(): void;
}

const defaultTimeoutMs = 30_000;

/** HTTP to one Tenon server: authorised, over kept connections. */
export function createHttpTransport(server: ServerAddress): HttpTransport {
  const url = server.url.replace(/\/+$/, '');
  const httpAgent = new HttpAgent({ keepAlive: true });
  const httpsAgent = new HttpsAgent({ keepAlive: true });

  const send = async (
    call: ApiCall,
    options: { accept: string; isStream: boolean },
  ): Promise<AxiosResponse<unknown>> => {
    const address = url + addressOf(call);
    const deadline = new AbortController();
    const timeoutMs = call.timeoutMs ?? defaultTimeoutMs;
    const timer = setTimeout(() => deadline.abort(), timeoutMs);
    const abort = () => deadline.abort();
    call.signal?.addEventListener('abort', abort, { once: true });
    try {
      call.signal?.throwIfAborted();
      return await axios.request({
        method: call.method,
        url: address,
        // Bundles and manifests are text already; axios must not guess.
        data: call.body === undefined || call.contentType !== undefined ? call.body : JSON.stringify(call.body),
        headers: {
          accept: options.accept,
          // Logging in asks without one.
          ...(server.apiKey !== '' && { authorization: `Bearer ${server.apiKey}` }),
          ...(server.preview !== undefined && { 'tenon-environment': server.preview }),
          // Without a body there is no type either; axios would say that it is a form.
          'content-type': call.body === undefined ? false : (call.contentType ?? 'application/json'),
        },
        responseType: options.isStream ? 'stream' : 'text',
        transformResponse: (data: unknown) => data,
        transformRequest: (data: unknown) => data,
        validateStatus: () => true,
        maxRedirects: 0,
        maxBodyLength: Infinity,
        httpAgent,
        httpsAgent,
        // A proxy for the internet does not lead to this machine.
        ...(isLoopback(url) && { proxy: false as const }),
        signal: deadline.signal,
      });
    } catch (cause) {
      call.signal?.throwIfAborted();
      throw unreachable({ url, cause, timeoutMs: deadline.signal.aborted ? timeoutMs : undefined });
    } finally {
      clearTimeout(timer);
      // A stream goes on after this; whoever opened it ends it.
      call.signal?.removeEventListener('abort', abort);
    }
  };

  return {
    async call(call, schema) {
      const response = await send(call, { accept: 'application/json', isStream: false });
      const request = `${call.method} /v1/${call.path.join('/')}`;
      const body = typeof response.data === 'string' ? response.data : '';
      if (response.status < 200 || response.status > 299) {
        throw answerError({ status: response.status, body, request });
      }
      return parseAnswer({ body, request, status: response.status }, schema);
    },
    async open(call) {
      const response = await send(call, { accept: call.accept, isStream: true });
      const stream = response.data as Readable;
      if (response.status === 200) return stream;
      const body = await readText(stream);
      throw answerError({ status: response.status, body, request: `${call.method} /v1/${call.path.join('/')}` });
    },
    close() {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

function parseAnswer<Schema extends z.ZodType>(
  answer: { body: string; request: string; status: number },
  schema: Schema,
): z.output<Schema> {
  let json: unknown;
  try {
    json = answer.body === '' ? undefined : JSON.parse(answer.body);
  } catch (cause) {
    throw new TenonError('server_answer_invalid', `${answer.request} answered with something that is not JSON.`, {
      hint: 'Check that the address is that of a Tenon server, and what stands between.',
      cause,
    });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  const path = first?.path.join('.') || 'the whole answer';
  throw new TenonError('server_answer_invalid', `${answer.request} answered with a bad ${path}: ${first?.message}.`, {
    hint: 'The server and this command line may be of different versions: compare `tenon --version` with `tenon whoami`.',
    details: { issues: parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })) },
  });
}

function unreachable(failure: { url: string; cause: unknown; timeoutMs: number | undefined }): TenonError {
  const { url, cause, timeoutMs } = failure;
  const reason = timeoutMs === undefined ? reasonOf(cause) : `no answer within ${timeoutMs / 1_000} s`;
  return new TenonError('server_unreachable', `The Tenon server at ${url} cannot be reached: ${reason}.`, {
    hint: isLoopback(url)
      ? 'Start it with `tenon dev` or `tenon server start`, or name another with --url or TENON_URL.'
      : 'Check the address (--url, TENON_URL or the environment in tenon.config.ts) and that the server runs.',
    cause,
  });
}

function reasonOf(cause: unknown): string {
  const { code, message } = cause as { code?: string; message?: string };
  // Node's AggregateError, of a name with several addresses, has an empty message.
  return code ?? (message || 'the connection failed');
}

function isLoopback(url: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname);
}

function addressOf(call: ApiCall): string {
  const path = call.path.map((segment) => {
    // URL parsers resolve these, so the call would silently reach another address.
    if (segment === '' || segment === '.' || segment === '..') {
      throw new TenonError('usage_invalid', `"${segment}" cannot be a name or an id.`);
    }
    return encodeURIComponent(segment);
  });
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(call.query ?? {})) if (value !== undefined) query.set(name, String(value));
  return `/v1/${path.join('/')}${query.size > 0 ? `?${query.toString()}` : ''}`;
}

async function readText(stream: Readable): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
