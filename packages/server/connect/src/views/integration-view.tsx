import type { ReactNode } from 'react';
import type { ConnectIntegration, StartAuthorization, SubmitConnection } from '@tenon/runtime/contract';
import type { ConnectFailure } from '../api/connect-failure.ts';
import { AccessList } from '../explain/access-list.tsx';
import type { FormDraft } from '../form/form-draft.ts';
import { IntegrationForm } from '../form/integration-form.tsx';
import { isWebAddress } from '../host/is-web-address.ts';
import { Icon } from '../parts/icon.tsx';
import { Monogram } from '../parts/monogram.tsx';
import { ViewTitle } from '../parts/view-title.tsx';
import { useText } from '../text/text-context.ts';

/** Explains what connecting means, asks for what is needed, and starts it. */
export function IntegrationView(props: {
  readonly integration: ConnectIntegration;
  readonly isReconnect: boolean;
  readonly failure: ConnectFailure | null;
  readonly isBusy: boolean;
  readonly draft: FormDraft | undefined;
  readonly onDraft: (draft: FormDraft) => void;
  readonly onSubmit: (request: SubmitConnection) => void;
  readonly onAuthorize: (request: StartAuthorization) => void;
  readonly onBack: (() => void) | undefined;
  readonly onLeave: (() => void) | undefined;
}): ReactNode {
  const { integration, isReconnect, failure, isBusy, onBack, onLeave } = props;
  const text = useText();
  const name = integration.displayName;
  const help = integration.help;
  return (
    <>
      {onBack && (
        <button type="button" className="back" onClick={onBack} disabled={isBusy}>
          <Icon name="back" />
          {text('back')}
        </button>
      )}
      <div className="intro">
        <Monogram name={name} large />
        <ViewTitle>{text(isReconnect ? 'reconnectTitle' : 'connectTitle', { name })}</ViewTitle>
        <p className="lead">{text(isReconnect ? 'reconnectIntro' : 'connectIntro', { name })}</p>
      </div>
      {integration.unavailable === null ? (
        <>
          {failure === null && <AccessList scopes={integration.scopes} />}
          <IntegrationForm {...props} />
          <p className="assurance">
            <Icon name="lock" />
            <span>{text(integration.flow === 'redirect' ? 'redirectExplained' : 'formExplained', { name })}</span>
          </p>
          {help !== null && integration.fields.length > 0 && (
            <p className="assurance">
              <Icon name={isWebAddress(help) ? 'external' : 'key'} />
              {isWebAddress(help) ? (
                <a href={help} target="_blank" rel="noopener noreferrer">
                  {text('whereToFind')}
                </a>
              ) : (
                // Written by the provider's template, in English.
                <span lang="en">{help}</span>
              )}
            </p>
          )}
        </>
      ) : (
        <div className="notice notice-bad" role="alert">
          <Icon name="alert" />
          <div className="notice-body">
            <p className="notice-title">{text('unavailableTitle', { name })}</p>
            <p>{text('unavailableHint')}</p>
            <details>
              <summary>{text('details')}</summary>
              <p lang="en">{integration.unavailable}</p>
            </details>
          </div>
        </div>
      )}
      {onLeave && (
        <div className="actions">
          <button type="button" className="button button-bare" onClick={onLeave} disabled={isBusy}>
            {text('cancel')}
          </button>
        </div>
      )}
    </>
  );
}
