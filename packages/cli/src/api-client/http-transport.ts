import type { Readable } from 'node:stream';
import { text as readText } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { TenonError } from '@tenon/runtime/errors';
import { z } from 'zod';
import { answerError } from './answer-error.ts';
import { addressOf, type ApiCall } from './api-call.ts';
import { connectionError } from './connection-error.ts';
import { describeProxy } from './describe-proxy.ts';
import type { HttpAnswer, HttpClient } from './create-http-client.ts';
import { parseAnswer } from './parse-answer.ts';
import { mostAttempts, retryDelay } from './retry-delay.ts';
import type { ServerAnswer } from './server-answer.ts';
import { readCliVersion } from '../output/cli-version.ts';

export type { ApiCall } from './api-call.ts';

/** For routes whose answer nobody reads. */
export const anything = z.unknown();

export interface ServerAddress {
  readonly url: string;
  readonly apiKey: string;
  /** The preview in which every call acts. */
  readonly preview?: string;
  /** Where the key was found, in words; told when the server refuses it. */
  readonly apiKeyFrom?: string;
}

/** The limits of patience, in milliseconds. */
export interface TransportTimes {
  /** Until the connection is made, encryption included. Default 10,000. */
  readonly connectMs: number;
  /** Between two pieces of an answer that has begun. Default 30,000. */
  readonly idleMs: number;
  /** Before the first repetition; the next ones wait longer. Default 300. */
  readonly firstRetryMs: number;
  /** After which `onWait` is told that somebody is waiting. Default 1,000. */
  readonly noticeMs: number;
}

export interface TransportOptions {
  /** Where HTTPS_PROXY, HTTP_PROXY and NO_PROXY are read. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
  /** Told what is being waited for, when that takes long; undefined: it is over. */
  readonly onWait?: (what: string | undefined) => void;
  readonly times?: Partial<TransportTimes>;
  /** From 0 to 1; spreads repetitions. */
  readonly random?: () => number;
}

export interface HttpTransport {
  /**
   * Makes one call and checks the answer against the contract. A call that may be repeated is, up to three times in
   * all, when what was wrong passes by itself; the call's time limit holds for all of them together.
   * @throws TenonError what the server refused with, or what is wrong between here and there (docs/ci.md lists them)
   */
  call<Schema extends z.ZodType>(call: ApiCall, schema: Schema): Promise<z.output<Schema>>;
  /**
   * Opens an answer that does not end, such as events; the caller destroys it. It may be silent for `idleMs`, or, by
   * default, for as long as it likes.
   */
  open(call: ApiCall & { accept: string; idleMs?: number }): Promise<Readable>;
  /** Closes kept connections. */
  close(): void;
}

const defaultTimeoutMs = 30_000;
const defaultTimes: TransportTimes = { connectMs: 10_000, idleMs: 30_000, firstRetryMs: 300, noticeMs: 1_000 };

/** HTTP to one Tenon server: authorised, over kept connections. Follows no redirect, so the key stays where it was sent. */
export function createHttpTransport(server: ServerAddress, options: TransportOptions = {}): HttpTransport {
  const url = server.url.replace(/\/+$/, '');
  const { variables = {}, onWait = () => {}, random = Math.random } = options;
  const times = { ...defaultTimes, ...options.times };
  const ownVersion = readCliVersion();
  // Made with the first call: commands that end before one need not load it.
  let client: Promise<HttpClient> | undefined;
  const getClient = () =>
    (client ??= import('./create-http-client.ts').then(({ createHttpClient }) =>
      createHttpClient({ url, variables, connectMs: times.connectMs, idleMs: times.idleMs }),
    ));

  const headersOf = (call: ApiCall, accept: string) => ({
    accept,
    // Logging in asks without one.
    ...(server.apiKey !== '' && { authorization: `Bearer ${server.apiKey}` }),
    ...(server.preview !== undefined && { 'tenon-environment': server.preview }),
    'user-agent': `tenon/${ownVersion} node/${process.versions.node}`,
    // Without a body there is no type either.
    ...(call.body !== undefined && { 'content-type': call.contentType ?? 'application/json' }),
  });

  const requestOf = (call: ApiCall, { accept, signal }: { accept: string; signal: AbortSignal }) => ({
    method: call.method,
    path: addressOf(call),
    headers: headersOf(call, accept),
    // Bundles and manifests are text already.
    body: call.body === undefined ? undefined : call.contentType ? String(call.body) : JSON.stringify(call.body),
    signal,
  });

  /** Bounds the work by the call's time and signal, and turns what is thrown into an error of ours. */
  const withinLimits = async <Result>(
    call: ApiCall,
    { leftMs, work }: { leftMs: number; work: (signal: AbortSignal) => Promise<Result> },
  ): Promise<Result> => {
    const ending = new AbortController();
    const late = Object.assign(new Error(`no answer within ${leftMs / 1_000} s`), { code: 'deadline' });
    const timer = setTimeout(() => ending.abort(late), leftMs);
    const notice = setTimeout(() => onWait(`Waiting for ${url}`), times.noticeMs);
    const abort = () => ending.abort(call.signal?.reason);
    call.signal?.addEventListener('abort', abort, { once: true });
    try {
      call.signal?.throwIfAborted();
      return await work(ending.signal);
    } catch (cause) {
      call.signal?.throwIfAborted();
      if (cause instanceof TenonError) throw cause;
      const reason: unknown = ending.signal.aborted ? ending.signal.reason : cause;
      throw connectionError({ url, request: nameOf(call), cause: reason, proxy: describeProxy({ url, variables }) });
    } finally {
      clearTimeout(timer);
      clearTimeout(notice);
      onWait(undefined);
      // A stream goes on after this; whoever opened it ends it.
      call.signal?.removeEventListener('abort', abort);
    }
  };

  const refuse = (answer: ServerAnswer): TenonError => withKeySource(answerError(answer), server.apiKeyFrom);

  const repeat = async <Result>(call: ApiCall, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> => {
    const endsAt = performance.now() + (call.timeoutMs ?? defaultTimeoutMs);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await withinLimits(call, { leftMs: Math.max(1, Math.round(endsAt - performance.now())), work });
      } catch (error) {
        const isRefusal = error instanceof TenonError && mayRepeat(call);
        const waitMs = isRefusal ? retryDelay(error, { attempt, firstMs: times.firstRetryMs, random }) : undefined;
        if (!isRefusal || waitMs === undefined || performance.now() + waitMs >= endsAt) throw error;
        onWait(`${error.message} Trying again (${attempt + 1} of ${mostAttempts})`);
        await delay(waitMs, undefined, call.signal ? { signal: call.signal } : {}).catch(() => {});
        onWait(undefined);
        call.signal?.throwIfAborted();
      }
    }
  };

  return {
    call: (call, schema) =>
      repeat(call, async (signal) => {
        const client = await getClient();
        const answer = describe(call, await client.ask(requestOf(call, { accept: 'application/json', signal })));
        if (answer.status < 200 || answer.status > 299) throw refuse(answer);
        return parseAnswer(answer, schema);
      }),
    open: (call) =>
      repeat(call, async (signal) => {
        const client = await getClient();
        const answer = await client.open({ ...requestOf(call, { accept: call.accept, signal }), idleMs: call.idleMs });
        if (answer.status === 200) return answer.body;
        throw refuse(describe(call, { ...answer, body: await readText(answer.body) }));
      }),
    close() {
      void client?.then((made) => made.close()).catch(() => {});
    },
  };

  function describe(call: ApiCall, answer: HttpAnswer<string>): ServerAnswer {
    return { ...answer, request: nameOf(call), url, ownVersion };
  }
}

/**
 * GET and PUT change nothing when they come twice. DELETE does not either, but its second answer is that there is no
 * such thing, which would hide that the first one worked.
 */
function mayRepeat(call: ApiCall): boolean {
  return call.isRepeatable ?? (call.method === 'GET' || call.method === 'PUT');
}

function nameOf(call: ApiCall): string {
  return `${call.method} /v1/${call.path.join('/')}`;
}

const aboutKeys: ReadonlySet<string> = new Set(['unauthorized', 'forbidden', 'key_expired', 'key_revoked']);

/** A refused key is put right where it was found. */
function withKeySource(error: TenonError, source: string | undefined): TenonError {
  if (source === undefined || !aboutKeys.has(error.code)) return error;
  return new TenonError(error.code, error.message, {
    hint: [error.hint, `The key came from ${source}.`].filter(Boolean).join(' '),
    ...(error.details && { details: error.details }),
    cause: error,
  });
}
