import type { WireOutcome, WireRequest } from './send-once.ts';

/** One request on the wire and what came of it; bodies are the very ones that the call goes on with, not copies. */
export interface ObservedExchange {
  readonly sent: WireRequest;
  readonly outcome: WireOutcome;
  /** Names in lower case: what the script itself gave. */
  readonly ownHeaders: Readonly<Record<string, string>>;
  /** What must not be shown of this attempt's signature. */
  readonly secrets: readonly string[];
}

/** Takes note of an exchange; must not throw. */
export type ExchangeObserver = (exchange: ObservedExchange) => void;
