// Not the global ones: a replay makes time of the script's timers pass at once, and this is none of the script's.
import { clearTimeout, setTimeout } from 'node:timers';
import type { Dispatcher } from 'undici';
import { TenonError } from '../errors/tenon-error.ts';
import { failTooLarge } from './answer-limit.ts';
import { decompressBody } from './decompress-body.ts';

/** How bytes leave: shared by every request of a client. */
export interface Transport {
  readonly dispatcher: Dispatcher;
  readonly maxAnswerBytes: number;
}

export interface WireRequest {
  readonly method: string;
  readonly origin: string;
  /** Path and query as they stand in the request line. */
  readonly path: string;
  /** The path without its signature; absent: it has none. */
  readonly unsignedPath?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | null;
  /** For the whole attempt: connect, send, and read to the end. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface WireAnswer {
  readonly kind: 'answer';
  readonly status: number;
  /** Names in lower case, repeated ones joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A failed attempt is an ordinary outcome here, not an exception: the retry rule decides what becomes of it. */
export type WireOutcome =
  | WireAnswer
  | { readonly kind: 'network'; readonly sent: boolean; readonly permanent: boolean; readonly cause: unknown }
  | { readonly kind: 'timeout' };

/** The connection was never made, so the provider saw nothing: repeating is safe for every method. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function readErrorCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

function describeNetworkFailure(cause: unknown): WireOutcome {
  const code = readErrorCode(cause);
  if (code === 'UND_ERR_INVALID_ARG' || code === 'ERR_INVALID_CHAR' || code === 'UND_ERR_NOT_SUPPORTED') {
    const message = cause instanceof Error ? cause.message : code;
    throw new TenonError('provider_request_invalid', `The request cannot be sent: ${message}.`, {
      hint: 'Check the method, the header names and values, and the path.',
    });
  }
  const certificate = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ERR_SSL/.test(code);
  return { kind: 'network', sent: !certificate && !neverSent.has(code), permanent: certificate, cause };
}

function flattenHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) flat[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return flat;
}

async function readBody(answer: Dispatcher.ResponseData, maxAnswerBytes: number): Promise<Buffer> {
  if (Number(answer.headers['content-length'] ?? 0) > maxAnswerBytes) failTooLarge(maxAnswerBytes);
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxAnswerBytes) failTooLarge(maxAnswerBytes);
    chunks.push(chunk);
  }
  const [only] = chunks;
  return only && chunks.length === 1 ? only : Buffer.concat(chunks, length);
}

/**
 * Sends one request and reads the answer to its end.
 * @throws the signal's reason when that is aborted; TenonError `provider_answer_too_large`,
 * `provider_answer_invalid` (broken compression), `provider_request_invalid` (a header that cannot be sent)
 */
export async function sendOnce(request: WireRequest, transport: Transport): Promise<WireOutcome> {
  const { signal } = request;
  signal.throwIfAborted();
  // One controller per attempt: AbortSignal.any() and AbortSignal.timeout() cost more and are kept until collected.
  const attempt = new AbortController();
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    attempt.abort();
  }, request.timeoutMs);
  const onAbort = (): void => attempt.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const answer = await transport.dispatcher.request({
      method: request.method,
      origin: request.origin,
      path: request.path,
      headers: request.headers,
      body: request.body,
      signal: attempt.signal,
      // The attempt's own timer covers all phases; undici's would only add two more.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    const raw = await readBody(answer, transport.maxAnswerBytes).catch((error: unknown) => {
      attempt.abort();
      throw error;
    });
    const headers = flattenHeaders(answer.headers);
    const body = await decompressBody(raw, headers['content-encoding'], transport.maxAnswerBytes);
    return { kind: 'answer', status: answer.statusCode, headers, body };
  } catch (error) {
    signal.throwIfAborted();
    if (timedOut) return { kind: 'timeout' };
    if (error instanceof TenonError) throw error;
    return describeNetworkFailure(error);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}
