import type { ReactNode } from 'react';
import type { ConnectIntegration } from '@tenon/runtime/contract';
import { Icon } from '../parts/icon.tsx';
import { Monogram } from '../parts/monogram.tsx';
import { ViewTitle } from '../parts/view-title.tsx';
import { useText } from '../text/text-context.ts';

/** Shown while the customer is at the provider; there is always a way to open its page once more. */
export function WaitingView(props: {
  readonly integration: ConnectIntegration;
  readonly url: string | null;
  readonly window: 'open' | 'blocked' | 'closed';
  readonly onOpened: () => void;
  readonly onCancel: () => void;
}): ReactNode {
  const { integration, url, window, onOpened, onCancel } = props;
  const text = useText();
  const name = integration.displayName;
  const [title, intro] = {
    open: ['waitingTitle', 'waitingIntro'] as const,
    blocked: ['blockedTitle', 'blockedIntro'] as const,
    closed: ['closedTitle', 'closedIntro'] as const,
  }[window];
  return (
    <div className="centered">
      <span className={window === 'open' ? 'orbit' : 'orbit orbit-resting'}>
        <Monogram name={name} large />
      </span>
      <ViewTitle>{url === null ? text('waitingOpening', { name }) : text(title, { name })}</ViewTitle>
      <p className="lead" role="status">
        {url !== null && text(intro, { name })}
      </p>
      {url !== null && (
        <div className="actions">
          {/* The opener is kept, since the window tells this page when it is done. */}
          <a
            className={window === 'open' ? 'button' : 'button button-main'}
            href={url}
            target="tenon-provider"
            rel="opener"
            onClick={onOpened}
          >
            {text(window === 'blocked' ? 'openProvider' : window === 'closed' ? 'tryAgain' : 'openAgain', { name })}
            <Icon name="external" />
          </a>
          <button type="button" className="button button-bare" onClick={onCancel}>
            {text('cancel')}
          </button>
        </div>
      )}
      {url !== null && <p className="quiet">{text('takesYouTo', { host: new URL(url).host })}</p>}
    </div>
  );
}
