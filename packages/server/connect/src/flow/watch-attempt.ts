import type { ConnectAttempt } from '@tenon/runtime/contract';
import type { ConnectApi } from '../api/connect-api.ts';
import { followAttempt } from '../api/follow-attempt.ts';
import { pause } from '../api/pause.ts';
import type { ProviderWindow } from '../host/provider-window.ts';

/** Milliseconds between two looks at the provider's window, which tells nobody when it closes. */
const lookEveryMs = 400;

/**
 * Waits for the end of an attempt, and says when its window looks closed while it is still pending.
 * @throws ConnectFailure, or the signal's reason
 */
export async function watchAttempt(
  id: string,
  options: {
    readonly api: ConnectApi;
    readonly page: Window;
    readonly window: ProviderWindow | null;
    readonly signal: AbortSignal;
    onLooksClosed(): void;
  },
): Promise<ConnectAttempt> {
  const { api, page, window, signal, onLooksClosed } = options;
  const done = new AbortController();
  const stop = AbortSignal.any([signal, done.signal]);
  const ask = (): Promise<ConnectAttempt> => api.waitForAttempt(id, { signal: stop, atOnce: true });

  /** Resolves with an answer that came at once because something happened; what fails here is asked for below. */
  const news = new Promise<ConnectAttempt>((resolve) => {
    const askAtOnce = async (): Promise<void> => {
      const attempt = await ask().catch(() => null);
      if (attempt && attempt.status !== 'pending') resolve(attempt);
    };
    const hear = (event: MessageEvent): void => {
      if (event.origin !== page.location.origin) return;
      const message = event.data as { type?: unknown; id?: unknown } | null;
      if (message?.type === 'tenon:attempt' && message.id === id) void askAtOnce();
    };
    // The callback's page closes its window once the server has the result, so asking now tells the two apart.
    const look = async (): Promise<void> => {
      while (!window?.looksClosed()) await pause(lookEveryMs, stop);
      const attempt = await ask().catch(() => null);
      if (stop.aborted) return;
      if (attempt && attempt.status !== 'pending') resolve(attempt);
      else onLooksClosed();
    };
    page.addEventListener('message', hear, { signal: stop });
    // A tab in the background may have slept through everything.
    page.document.addEventListener('visibilitychange', () => void askAtOnce(), { signal: stop });
    if (window?.isOpen) look().catch(() => {});
  });

  try {
    return await Promise.race([
      news,
      followAttempt(api, id, { signal: stop, pause: (ms) => pause(ms, stop), nowMs: () => performance.now() }),
    ]);
  } finally {
    done.abort();
  }
}
