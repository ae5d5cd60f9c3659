import { useEffect, useRef, useState } from 'react';
import type {
  ConnectAttempt,
  Connected,
  ConnectView,
  StartAuthorization,
  SubmitConnection,
} from '@tenon/runtime/contract';
import type { ConnectApi } from '../api/connect-api.ts';
import { ConnectFailure } from '../api/connect-failure.ts';
import type { AppWindow } from '../host/app-window.ts';
import { keepPendingAttempt, readPendingAttempt } from '../host/pending-attempt.ts';
import { openProviderWindow, type ProviderWindow } from '../host/provider-window.ts';
import type { TabStorage } from '../host/tab-storage.ts';
import { isWebAddress } from '../host/is-web-address.ts';
import { firstScreen, type Screen } from './screen.ts';
import { watchAttempt } from './watch-attempt.ts';

export interface FlowContext {
  readonly api: ConnectApi;
  readonly page: Window;
  readonly storage: TabStorage;
  readonly appWindow: AppWindow;
}

export interface ConnectFlow {
  readonly screen: Screen;
  /** Integrations that are connected, those of this visit included. */
  readonly connected: readonly Connected[];
  choose(integration: string): void;
  goBack(): void;
  submit(request: SubmitConnection): void;
  /** Call it in the handler of the click itself, since it opens a window. */
  authorize(request: StartAuthorization): void;
  /** The customer clicked the link that opens the provider's page. */
  noteWindowOpened(): void;
  stopWaiting(): void;
}

/**
 * The steps from choosing to connected. One attempt is followed at a time; whoever leaves its screen ends the
 * following, and the page goes on with it when it was loaded again.
 */
export function useConnectFlow(view: ConnectView, context: FlowContext): ConnectFlow {
  const { api, page, storage, appWindow } = context;
  const [screen, setScreen] = useState<Screen>(() => {
    const pending = readPendingAttempt(storage);
    const isKnown = view.integrations.some(({ name }) => name === pending?.integration);
    if (!pending || !isKnown) return firstScreen(view);
    return { name: 'waiting', integration: pending.integration, url: pending.url, window: 'closed' };
  });
  const [connected, setConnected] = useState<readonly Connected[]>(view.connected);
  const current = useRef<{ stop: AbortController; window: ProviderWindow | null } | null>(null);

  const leave = (): void => {
    current.current?.stop.abort();
    current.current?.window?.close();
    current.current = null;
    keepPendingAttempt(storage, null);
  };
  const finish = (result: Connected): void => {
    leave();
    setConnected((known) => [...known.filter((entry) => entry.integration !== result.integration), result]);
    setScreen({ name: 'connected', connected: result });
    appWindow.tellConnected(result);
  };
  const fail = (integration: string, error: unknown): void => {
    leave();
    const failure =
      error instanceof ConnectFailure ? error : new ConnectFailure({ code: 'internal', message: String(error) });
    const isOver = failure.code === 'connect_session_invalid' || failure.code === 'unauthorized';
    setScreen(isOver ? { name: 'expired' } : { name: 'integration', integration, failure, isBusy: false });
  };

  /** Goes on with what a call leads to, unless its screen was left in the meantime. */
  const settle = async (
    ended: Promise<ConnectAttempt>,
    of: { readonly integration: string; readonly stop: AbortController },
  ): Promise<void> => {
    try {
      const attempt = await ended;
      if (of.stop.signal.aborted) return;
      if (attempt.connected) finish(attempt.connected);
      else fail(of.integration, failureOf(attempt));
    } catch (error) {
      if (!of.stop.signal.aborted) fail(of.integration, error);
    }
  };

  const follow = (
    attempt: { readonly id: string; readonly integration: string },
    window: ProviderWindow | null,
    stop: AbortController,
  ): void => {
    current.current = { stop, window };
    const watching = watchAttempt(attempt.id, {
      api,
      page,
      window,
      signal: stop.signal,
      onLooksClosed: () => setScreen((now) => (now.name === 'waiting' ? { ...now, window: 'closed' } : now)),
    });
    void settle(watching, { integration: attempt.integration, stop });
  };

  // What was pending when the page was loaded again is followed further. In development React runs effects twice.
  useEffect(() => {
    const pending = readPendingAttempt(storage);
    if (screen.name === 'waiting' && pending && !current.current) follow(pending, null, new AbortController());
    return () => {
      current.current?.stop.abort();
      current.current = null;
    };
  }, []);

  return {
    screen,
    connected,
    choose: (integration) => setScreen({ name: 'integration', integration, failure: null, isBusy: false }),
    goBack: () => {
      leave();
      setScreen({ name: 'pick' });
    },
    submit: (request) => {
      const { integration } = request;
      setScreen({ name: 'integration', integration, failure: null, isBusy: true });
      api.submit(request).then(finish, (error: unknown) => fail(integration, error));
    },
    authorize: (request) => {
      leave();
      const { integration } = request;
      const window = openProviderWindow(page);
      const stop = new AbortController();
      current.current = { stop, window };
      setScreen({ name: 'waiting', integration, url: null, window: window.isOpen ? 'open' : 'blocked' });
      const start = async (): Promise<void> => {
        const attempt = await api.startAttempt(request);
        if (stop.signal.aborted) return;
        const { id, url, status } = attempt;
        if (status !== 'pending' || url === null || !isWebAddress(url)) {
          await settle(Promise.resolve(attempt), { integration, stop });
          return;
        }
        keepPendingAttempt(storage, { id, integration, url });
        window.goTo(url);
        setScreen((now) => (now.name === 'waiting' ? { ...now, url } : now));
        follow({ id, integration }, window, stop);
      };
      start().catch((error: unknown) => {
        if (!stop.signal.aborted) fail(integration, error);
      });
    },
    noteWindowOpened: () => setScreen((now) => (now.name === 'waiting' ? { ...now, window: 'open' } : now)),
    stopWaiting: () => {
      leave();
      setScreen((now) =>
        now.name === 'waiting'
          ? { name: 'integration', integration: now.integration, failure: null, isBusy: false }
          : now,
      );
    },
  };
}

function failureOf(attempt: ConnectAttempt): ConnectFailure {
  if (attempt.error) return new ConnectFailure(attempt.error);
  return attempt.status === 'expired'
    ? new ConnectFailure({ code: 'authorization_expired', message: 'The attempt has expired.' })
    : new ConnectFailure({ code: 'answer_invalid', message: 'The server sent no address to go to.' });
}
