import type { WireRequest } from './send-once.ts';

export interface HookedRequest {
  readonly request: WireRequest;
  /** What must not be shown of what was added. */
  readonly secrets: readonly string[];
}

/** Changes a request just before it is sent: each attempt, and each redirect within the provider's origin. */
export type RequestHook = (request: WireRequest) => Promise<HookedRequest>;
