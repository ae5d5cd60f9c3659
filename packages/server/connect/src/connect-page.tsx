import { useEffect, useState, type ReactNode } from 'react';
import type { ConnectView } from '@tenon/runtime/contract';
import type { ConnectApi } from './api/connect-api.ts';
import { useConnectFlow } from './flow/use-connect-flow.ts';
import type { FormDraft } from './form/form-draft.ts';
import { createAppWindow } from './host/app-window.ts';
import { returnAddress } from './host/return-address.ts';
import type { TabStorage } from './host/tab-storage.ts';
import { ConnectedView } from './views/connected-view.tsx';
import { EndView } from './views/end-view.tsx';
import { IntegrationView } from './views/integration-view.tsx';
import { PickView } from './views/pick-view.tsx';
import { WaitingView } from './views/waiting-view.tsx';

/** The page of a session that is good: shows the flow's screen, and leads back to the app. */
export function ConnectPage(props: {
  readonly view: ConnectView;
  readonly api: ConnectApi;
  readonly page: Window;
  readonly storage: TabStorage;
}): ReactNode {
  const { view, api, page, storage } = props;
  const [appWindow] = useState(() => createAppWindow(page, view.allowedOrigins));
  const flow = useConnectFlow(view, { api, page, storage, appWindow });
  const { screen } = flow;
  // What was typed stays while the page lives, whatever screens come between.
  const [drafts, setDrafts] = useState<Readonly<Record<string, FormDraft>>>({});

  const canPick = view.integrations.length > 1 && view.reconnect === null;
  const cancelAddress = returnAddress(view, null);
  const canLeave = appWindow.isPopup || cancelAddress !== null;
  const leave = (): void => {
    if (appWindow.isPopup) {
      appWindow.tellClosed();
      page.close();
    } else if (cancelAddress !== null) page.location.assign(cancelAddress);
  };

  const escape = (): void => {
    if (screen.name === 'waiting') flow.stopWaiting();
    else if (screen.name === 'integration' && !screen.isBusy && canPick) flow.goBack();
    else if ((screen.name === 'pick' || (screen.name === 'integration' && !screen.isBusy)) && canLeave) leave();
  };
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !event.defaultPrevented && !event.isComposing) escape();
    };
    page.addEventListener('keydown', press);
    return () => page.removeEventListener('keydown', press);
  });

  const integrationOf = (name: string) => view.integrations.find((integration) => integration.name === name);
  switch (screen.name) {
    case 'pick':
      return (
        <PickView
          integrations={view.integrations}
          connected={flow.connected}
          onChoose={flow.choose}
          onLeave={canLeave ? leave : undefined}
        />
      );
    case 'integration': {
      const integration = integrationOf(screen.integration);
      if (!integration) return null;
      return (
        <IntegrationView
          key={integration.name}
          integration={integration}
          isReconnect={view.reconnect !== null}
          failure={screen.failure}
          isBusy={screen.isBusy}
          draft={drafts[integration.name]}
          onDraft={(draft) => setDrafts((all) => ({ ...all, [integration.name]: draft }))}
          onSubmit={flow.submit}
          onAuthorize={flow.authorize}
          onBack={canPick ? flow.goBack : undefined}
          onLeave={canLeave && !canPick ? leave : undefined}
        />
      );
    }
    case 'waiting': {
      const integration = integrationOf(screen.integration);
      if (!integration) return null;
      return (
        <WaitingView
          integration={integration}
          url={screen.url}
          window={screen.window}
          onOpened={flow.noteWindowOpened}
          onCancel={flow.stopWaiting}
        />
      );
    }
    case 'connected':
      return (
        <ConnectedView
          integration={integrationOf(screen.connected.integration)}
          isReconnect={view.reconnect !== null}
          isPopup={appWindow.isPopup}
          returnTo={returnAddress(view, screen.connected)}
          page={page}
          onConnectAnother={canPick ? flow.goBack : undefined}
        />
      );
    case 'expired':
      return <EndView kind="expired" />;
  }
}
