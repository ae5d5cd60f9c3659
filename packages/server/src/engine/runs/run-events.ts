import type { LiveEvent } from '@tenon/runtime/contract';

export type LiveEventListener = (event: LiveEvent) => void;

/** What happens in this server process, as it happens, by environment: what `GET /v1/events` streams. */
export interface RunEvents {
  publish(environmentId: number, event: LiveEvent): void;
  /** @returns a function that ends the subscription */
  subscribe(environmentId: number, listener: LiveEventListener): () => void;
  /** Whether anyone listens; lets a publisher skip the work of making an event. */
  hasListeners(environmentId: number): boolean;
}

/** @param onError a listener threw; the others were called all the same */
export function createRunEvents(onError: (error: unknown) => void): RunEvents {
  const listeners = new Map<number, Set<LiveEventListener>>();
  return {
    publish(environmentId, event) {
      for (const listener of listeners.get(environmentId) ?? []) {
        try {
          listener(event);
        } catch (error) {
          onError(error);
        }
      }
    },
    subscribe(environmentId, listener) {
      const known = listeners.get(environmentId) ?? new Set<LiveEventListener>();
      listeners.set(environmentId, known.add(listener));
      return () => {
        known.delete(listener);
        if (known.size === 0 && listeners.get(environmentId) === known) listeners.delete(environmentId);
      };
    },
    hasListeners: (environmentId) => listeners.has(environmentId),
  };
}
