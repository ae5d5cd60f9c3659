import { STATUS_CODES } from 'node:http';
import { setImmediate } from 'node:timers';
import { Dispatcher } from 'undici';
import type { SentRequest } from './match-exchange.ts';

export interface ReplayedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

function readHeaders(headers: Dispatcher.DispatchOptions['headers']): Record<string, string> {
  const read: Record<string, string> = {};
  if (headers === null || typeof headers !== 'object' || Symbol.iterator in headers) return read;
  for (const [name, value] of Object.entries(headers)) read[name.toLowerCase()] = String(value);
  return read;
}

function readBody(body: Dispatcher.DispatchOptions['body']): string {
  if (typeof body === 'string') return body;
  return ArrayBuffer.isView(body) ? Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8') : '';
}

/**
 * A dispatcher that answers from memory. `answer` is asked when the request is sent, and what it returns is called
 * when the answer is due, unless the request was aborted until then; what that throws becomes the request's failure.
 */
export class ReplayDispatcher extends Dispatcher {
  readonly #answer: (sent: SentRequest) => () => ReplayedAnswer;

  readonly #onFlight: (change: 1 | -1) => void;

  constructor(answer: (sent: SentRequest) => () => ReplayedAnswer, onFlight: (change: 1 | -1) => void = () => {}) {
    super();
    this.#answer = answer;
    this.#onFlight = onFlight;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    let aborted = false;
    handler.onConnect?.((error) => {
      aborted = true;
      handler.onError?.(error ?? new Error('The request was aborted.'));
    });
    const answer = this.#answer({
      method: options.method,
      path: options.path,
      headers: readHeaders(options.headers),
      body: readBody(options.body),
    });
    // Answers come later than the call, as they do from a network: a page that is read ahead can still be given up.
    this.#onFlight(1);
    setImmediate(() => {
      // Reading the answer takes a few turns of the loop itself.
      setImmediate(() => setImmediate(() => this.#onFlight(-1)));
      if (aborted) return;
      try {
        const { status, headers, body } = answer();
        const raw = Object.entries(headers).flatMap(([name, value]) => [Buffer.from(name), Buffer.from(value)]);
        handler.onHeaders?.(status, raw, () => undefined, STATUS_CODES[status] ?? '');
        handler.onData?.(Buffer.from(options.method === 'HEAD' ? '' : body));
        handler.onComplete?.([]);
      } catch (error) {
        handler.onError?.(error instanceof Error ? error : new Error(String(error)));
      }
    });
    return true;
  }

  override close(callback?: () => void): Promise<void> {
    callback?.();
    return Promise.resolve();
  }

  override destroy(first?: Error | null | (() => void), callback?: () => void): Promise<void> {
    if (typeof first === 'function') first();
    callback?.();
    return Promise.resolve();
  }
}
