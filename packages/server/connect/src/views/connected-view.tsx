import { useEffect, type ReactNode } from 'react';
import type { ConnectIntegration } from '@tenon/runtime/contract';
import { Icon } from '../parts/icon.tsx';
import { ViewTitle } from '../parts/view-title.tsx';
import { useText } from '../text/text-context.ts';

/** Milliseconds for which the result is seen before the page goes by itself. */
const leaveAfterMs = 1_600;

/** The end that everybody wants. It leaves by itself unless there is more to connect. */
export function ConnectedView(props: {
  readonly integration: ConnectIntegration | undefined;
  readonly isReconnect: boolean;
  readonly isPopup: boolean;
  readonly returnTo: string | null;
  readonly page: Window;
  readonly onConnectAnother: (() => void) | undefined;
}): ReactNode {
  const { integration, isReconnect, isPopup, returnTo, page, onConnectAnother } = props;
  const text = useText();
  // A popup was opened for one connection, and the app has been told of it.
  const leavesByItself = isPopup || (returnTo !== null && onConnectAnother === undefined);
  useEffect(() => {
    if (!leavesByItself) return;
    const timer = setTimeout(() => {
      if (isPopup) page.close();
      else if (returnTo !== null) page.location.assign(returnTo);
    }, leaveAfterMs);
    return () => clearTimeout(timer);
  }, [leavesByItself, isPopup, returnTo, page]);

  return (
    <div className="centered">
      <span className="emblem emblem-good">
        <Icon name="check" />
      </span>
      <ViewTitle>{text('connectedTitle', { name: integration?.displayName ?? '' })}</ViewTitle>
      <p className="lead" role="status">
        {text(isReconnect ? 'reconnectedIntro' : 'connectedIntro')}
      </p>
      {leavesByItself && !isPopup && <p className="quiet">{text('goingBack')}</p>}
      <div className="actions">
        {isPopup && (
          <button type="button" className="button button-main" onClick={() => page.close()}>
            {text('done')}
          </button>
        )}
        {!isPopup && returnTo !== null && (
          <a className="button button-main" href={returnTo}>
            {text('backTo')}
          </a>
        )}
        {!isPopup && onConnectAnother && (
          <button type="button" className="button" onClick={onConnectAnother}>
            {text('connectAnother')}
          </button>
        )}
      </div>
      {!isPopup && returnTo === null && <p className="quiet">{text('mayClose')}</p>}
    </div>
  );
}
