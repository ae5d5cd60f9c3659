import { useEffect, useState, type ReactNode } from 'react';
import type { ConnectView } from '@tenon/runtime/contract';
import type { ConnectApi } from './api/connect-api.ts';
import { ConnectFailure } from './api/connect-failure.ts';
import { ConnectPage } from './connect-page.tsx';
import type { TabStorage } from './host/tab-storage.ts';
import { Shell } from './parts/shell.tsx';
import { chooseLanguage, type Language } from './text/choose-language.ts';
import { en } from './text/en.ts';
import { loadMessages } from './text/load-messages.ts';
import { textContext, type TextContext } from './text/text-context.ts';
import { applyTheme } from './theme/apply-theme.ts';
import { EndView } from './views/end-view.tsx';
import { LoadFailedView } from './views/load-failed-view.tsx';
import { LoadingView } from './views/loading-view.tsx';

type Loaded =
  | { readonly state: 'loading' | 'expired' | 'noSession' }
  | { readonly state: 'failed'; readonly failure: ConnectFailure }
  | { readonly state: 'ready'; readonly view: ConnectView };

/** Loads the session, its language and its looks, and shows the page. */
export function App(props: {
  readonly api: ConnectApi | null;
  readonly page: Window;
  readonly storage: TabStorage;
}): ReactNode {
  const { api, page, storage } = props;
  const [loaded, setLoaded] = useState<Loaded>({ state: api ? 'loading' : 'noSession' });
  const [text, setText] = useState<TextContext>({ messages: en, app: en.thisApp });
  const [round, setRound] = useState(0);

  useEffect(() => {
    const stop = new AbortController();
    const show = async (): Promise<void> => {
      const { loaded, text } = await load(api, page, stop.signal);
      if (stop.signal.aborted) return;
      setText(text);
      setLoaded(loaded);
    };
    // It rejects only when the page is taken down before it has loaded.
    show().catch(() => {});
    return () => stop.abort();
  }, [api, page, round]);

  const theme = loaded.state === 'ready' ? loaded.view.theme : undefined;
  return (
    <textContext.Provider value={text}>
      <Shell appName={theme?.appName} logoUrl={theme?.logoUrl}>
        {loaded.state === 'loading' && <LoadingView />}
        {loaded.state === 'noSession' && <EndView kind="noSession" />}
        {loaded.state === 'expired' && <EndView kind="expired" />}
        {loaded.state === 'failed' && (
          <LoadFailedView
            failure={loaded.failure}
            onRetry={() => {
              setLoaded({ state: 'loading' });
              setRound(round + 1);
            }}
          />
        )}
        {loaded.state === 'ready' && api && <ConnectPage view={loaded.view} api={api} page={page} storage={storage} />}
      </Shell>
    </textContext.Provider>
  );
}

async function load(
  api: ConnectApi | null,
  page: Window,
  signal: AbortSignal,
): Promise<{ loaded: Loaded; text: TextContext }> {
  const browserLanguages = page.navigator.languages;
  const inLanguage = async (language: Language, view?: ConnectView): Promise<TextContext> => {
    const messages = await loadMessages(language, view?.texts);
    page.document.documentElement.lang = language;
    return { messages, app: view?.theme.appName ?? messages.thisApp };
  };
  if (!api) return { loaded: { state: 'noSession' }, text: await inLanguage(chooseLanguage(browserLanguages)) };
  try {
    const view = await api.readView(signal);
    applyTheme(page.document.documentElement, view.theme);
    const text = await inLanguage(chooseLanguage([view.language, ...browserLanguages]), view);
    return { loaded: { state: 'ready', view }, text };
  } catch (error) {
    signal.throwIfAborted();
    const failure =
      error instanceof ConnectFailure ? error : new ConnectFailure({ code: 'internal', message: String(error) });
    const isOver = failure.code === 'connect_session_invalid' || failure.code === 'unauthorized';
    return {
      loaded: isOver ? { state: 'expired' } : { state: 'failed', failure },
      text: await inLanguage(chooseLanguage(browserLanguages)),
    };
  }
}
