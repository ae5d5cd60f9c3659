import type { ReactNode } from 'react';
import { Icon, type IconName } from '../parts/icon.tsx';
import type { MessageKey } from '../text/messages.ts';
import { useText } from '../text/text-context.ts';
import { describeScopes, type ScopeKind } from './describe-scopes.ts';

const looks: Readonly<Record<ScopeKind, readonly [IconName, MessageKey]>> = {
  identity: ['person', 'accessIdentity'],
  read: ['show', 'accessRead'],
  write: ['edit', 'accessWrite'],
  delete: ['trash', 'accessDelete'],
  manage: ['sliders', 'accessManage'],
  other: ['plus', 'accessOther'],
  offline: ['clock', 'accessOffline'],
};

/** What the app may do with the account, in plain words as far as the names of the scopes tell. */
export function AccessList({ scopes }: { readonly scopes: readonly string[] }): ReactNode {
  const text = useText();
  const groups = describeScopes(scopes);
  return (
    <section className="access" aria-labelledby="access-title">
      <h2 className="access-title" id="access-title">
        {text('whatIsAccessed')}
      </h2>
      <ul className="access-list">
        {groups.map(({ kind, subjects }) => {
          const [icon, key] = looks[kind];
          return (
            <li key={kind}>
              <Icon name={icon} />
              <span>
                {text(key)}
                {/* The names come from the provider's own scopes, which are English. */}
                {subjects.length > 0 && (
                  <span lang="en" className="access-subjects">
                    {subjects.join(', ')}
                  </span>
                )}
              </span>
            </li>
          );
        })}
        {groups.length === 0 && (
          <li>
            <Icon name="check" />
            <span>{text('accessGeneral')}</span>
          </li>
        )}
      </ul>
      {scopes.length > 0 && (
        <details className="access-names">
          <summary>{text('technicalNames')}</summary>
          <p>
            {scopes.map((scope) => (
              <code key={scope}>{scope}</code>
            ))}
          </p>
        </details>
      )}
    </section>
  );
}
