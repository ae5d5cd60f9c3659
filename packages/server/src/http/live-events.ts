import { EventEmitter } from 'node:events';
import type { LiveEvent } from '@tenon/runtime/contract';

/** What happens in each environment, as it happens, for those who listen now. Nothing is kept. */
export interface LiveEvents {
  publish(environmentId: number, event: LiveEvent): void;
  /** @returns how to stop listening */
  subscribe(environmentId: number, listener: (event: LiveEvent) => void): () => void;
}

export function createLiveEvents(): LiveEvents {
  // Every open event stream is a listener: their number is bounded by connections, not by ten.
  const emitter = new EventEmitter().setMaxListeners(0);
  return {
    publish: (environmentId, event) => void emitter.emit(String(environmentId), event),
    subscribe: (environmentId, listener) => {
      emitter.on(String(environmentId), listener);
      return () => void emitter.off(String(environmentId), listener);
    },
  };
}
