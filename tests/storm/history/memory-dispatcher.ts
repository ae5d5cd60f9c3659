import { Dispatcher } from 'undici';

export interface MemoryAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  /** Bytes that arrive before the connection is cut; absent: all of them, and it is not. */
  readonly cutAfter?: number;
}

/** Answers requests in this process. What `answer` throws is a connection that fails. */
export class MemoryDispatcher extends Dispatcher {
  readonly #answer: (path: string) => MemoryAnswer;

  constructor(answer: (path: string) => MemoryAnswer) {
    super();
    this.#answer = answer;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    let aborted = false;
    handler.onConnect?.((error) => {
      aborted = true;
      handler.onError?.(error ?? new Error('The request was aborted.'));
    });
    // Answers come later than the call, as they do from a network.
    queueMicrotask(() => {
      if (aborted) return;
      try {
        const { status, headers = {}, body, cutAfter } = this.#answer(options.path);
        const all = { 'content-type': 'application/json', ...headers };
        const raw = Object.entries(all).flatMap(([name, value]) => [Buffer.from(name), Buffer.from(value)]);
        handler.onHeaders?.(status, raw, () => undefined, '');
        handler.onData?.(Buffer.from(body.slice(0, cutAfter)));
        if (cutAfter === undefined) handler.onComplete?.([]);
        else handler.onError?.(Object.assign(new Error('The connection was cut.'), { code: 'ECONNRESET' }));
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
