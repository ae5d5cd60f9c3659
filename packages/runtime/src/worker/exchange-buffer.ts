import type { ObservedExchange } from '../request/exchange-observer.ts';

export interface ExchangeBuffer {
  add(exchange: ObservedExchange): void;
  /** Oldest first. */
  list(): readonly KeptExchange[];
  /** How many were dropped for newer ones. */
  dropped(): number;
  /** What is held, in bytes, bodies and an allowance for the rest. */
  size(): number;
}

export interface KeptExchange {
  readonly exchange: ObservedExchange;
  /** Of bodies that were too large to keep: their exchange is kept without. */
  readonly cut: { readonly request: boolean; readonly response: boolean };
}

interface Entry extends KeptExchange {
  readonly bytes: number;
}

/** Objects and headers that an exchange holds on to beside its bodies. */
const baseBytes = 1_000;
/** A view on a larger buffer keeps all of it; from this difference on, the view is copied out of it. */
const tolerableSlack = 1_024;

/**
 * The newest exchanges of a run, within a bound. What a run that succeeds pays for it is one object a request: bodies are
 * the ones that exist anyway, kept a little longer.
 */
export function createExchangeBuffer({ runBytes, bodyBytes }: { runBytes: number; bodyBytes: number }): ExchangeBuffer {
  /** By number, oldest first: what is dropped must not be held on to for a moment, for a body may be large. */
  const entries = new Map<number, Entry>();
  let added = 0;
  let size = 0;
  let dropped = 0;

  function dropOldest(): void {
    const oldest = entries.entries().next();
    if (oldest.done) return;
    const [number, { bytes }] = oldest.value;
    entries.delete(number);
    size -= bytes;
    dropped += 1;
  }

  return {
    add(exchange) {
      const { sent, outcome } = exchange;
      const requestBytes = byteLengthOf(sent.body);
      const answerBytes = outcome.kind === 'answer' ? outcome.body.byteLength : 0;
      const cut = { request: requestBytes > bodyBytes, response: answerBytes > bodyBytes };
      const kept: ObservedExchange = {
        ...exchange,
        sent: { ...sent, body: cut.request ? null : compact(sent.body) },
        outcome:
          outcome.kind === 'answer'
            ? { ...outcome, body: cut.response ? Buffer.alloc(0) : compact(outcome.body) }
            : outcome,
      };
      const bytes =
        baseBytes +
        2 * (sent.path.length + lengthOf(sent.headers) + (outcome.kind === 'answer' ? lengthOf(outcome.headers) : 0)) +
        (cut.request ? 0 : requestBytes) +
        (cut.response ? 0 : answerBytes);
      entries.set((added += 1), { exchange: kept, cut, bytes });
      size += bytes;
      while (size > runBytes && entries.size > 0) dropOldest();
    },
    list: () => [...entries.values()],
    dropped: () => dropped,
    size: () => size,
  };
}

/** Of texts as they lie in memory at most: two bytes a character. */
function byteLengthOf(body: string | Uint8Array | null): number {
  if (body === null) return 0;
  return typeof body === 'string' ? body.length * 2 : body.byteLength;
}

function compact<Body extends string | Uint8Array | null>(body: Body): Body {
  if (!(body instanceof Uint8Array) || body.buffer.byteLength - body.byteLength <= tolerableSlack) return body;
  return Buffer.from(body) as Uint8Array as Body;
}

function lengthOf(headers: Readonly<Record<string, string>>): number {
  let length = 0;
  for (const name in headers) length += name.length + (headers[name]?.length ?? 0);
  return length;
}
