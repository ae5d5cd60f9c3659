import type { ReactNode } from 'react';
import type { ConnectFailure } from '../api/connect-failure.ts';
import { describeFailure } from '../flow/describe-failure.ts';
import { Icon } from '../parts/icon.tsx';
import { ViewTitle } from '../parts/view-title.tsx';
import { useText } from '../text/text-context.ts';

/** The session could not be read, for a reason that may pass. */
export function LoadFailedView(props: { readonly failure: ConnectFailure; readonly onRetry: () => void }): ReactNode {
  const text = useText();
  const described = describeFailure(props.failure, text('thisApp'), text);
  return (
    <div className="centered">
      <span className="emblem emblem-bad">
        <Icon name="alert" />
      </span>
      <ViewTitle>{described.title}</ViewTitle>
      <p className="lead">{described.text}</p>
      {described.hint !== undefined && <p className="lead">{described.hint}</p>}
      <button type="button" className="button button-main" onClick={props.onRetry}>
        {text('tryAgain')}
      </button>
    </div>
  );
}
