import type { ReactNode } from 'react';
import type { ConnectFailure } from '../api/connect-failure.ts';
import { describeFailure } from '../flow/describe-failure.ts';
import { useText } from '../text/text-context.ts';
import { Icon } from './icon.tsx';

/** Says what did not work and what to do; read out at once. */
export function FailureNotice({
  failure,
  name,
}: {
  readonly failure: ConnectFailure;
  readonly name: string;
}): ReactNode {
  const text = useText();
  const { title, text: body, hint, details, requestId } = describeFailure(failure, name, text);
  return (
    <div className="notice notice-bad" role="alert">
      <Icon name="alert" />
      <div className="notice-body">
        <p className="notice-title">{title}</p>
        <p>{body}</p>
        {hint !== undefined && <p>{hint}</p>}
        {(details || requestId) && (
          <details>
            <summary>{text('details')}</summary>
            {details && <p lang="en">{details}</p>}
            {requestId && <p>{text('reference', { id: requestId })}</p>}
          </details>
        )}
      </div>
    </div>
  );
}
