import { useDeferredValue, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { Connected, ConnectIntegration } from '@tenon/runtime/contract';
import { categoriesOf, categoryTitle, filterIntegrations } from '../pick/filter-integrations.ts';
import { Icon } from '../parts/icon.tsx';
import { Monogram } from '../parts/monogram.tsx';
import { ViewTitle } from '../parts/view-title.tsx';
import { useText } from '../text/text-context.ts';

/** So few can be seen at once, without a search. */
const fewIntegrations = 6;

/** A searchable list of what may be connected. Arrow keys go through it; the search field leads into it. */
export function PickView(props: {
  readonly integrations: readonly ConnectIntegration[];
  readonly connected: readonly Connected[];
  readonly onChoose: (name: string) => void;
  readonly onLeave: (() => void) | undefined;
}): ReactNode {
  const { integrations, connected, onChoose, onLeave } = props;
  const text = useText();
  const [query, setQuery] = useState('');
  const [category, setCategory] = useState<string | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const shown = filterIntegrations(integrations, { query: useDeferredValue(query), category });
  const categories = categoriesOf(integrations);
  const isLong = integrations.length > fewIntegrations;

  const moveFocus = (event: KeyboardEvent, step: number): void => {
    const items = [...(list.current?.querySelectorAll('button') ?? [])];
    const at = items.findIndex((item) => item === document.activeElement);
    if (items.length === 0) return;
    event.preventDefault();
    if (at + step < 0) search.current?.focus();
    else items[Math.min(at + step, items.length - 1)]?.focus();
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') moveFocus(event, 1);
    if (event.key === 'ArrowUp') moveFocus(event, -1);
    if (event.key === 'Escape' && query !== '') {
      // The first Escape empties the search; the next one leaves.
      event.preventDefault();
      setQuery('');
    }
    const [only, ...others] = shown;
    if (event.key === 'Enter' && event.target === search.current && only && others.length === 0) onChoose(only.name);
  };

  if (integrations.length === 0) {
    return (
      <div className="centered">
        <ViewTitle>{text('nothingToConnect')}</ViewTitle>
        <p className="lead">{text('nothingToConnectHint')}</p>
      </div>
    );
  }
  return (
    <div onKeyDown={press}>
      <ViewTitle>{text('pickTitle')}</ViewTitle>
      <p className="lead">{text('pickIntro')}</p>
      {isLong && (
        <div className="search">
          <Icon name="search" />
          <input
            ref={search}
            className="input"
            type="search"
            value={query}
            aria-label={text('search')}
            placeholder={text('search')}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setQuery(event.target.value)}
          />
        </div>
      )}
      {isLong && categories.length > 1 && (
        <div className="chips" role="group" aria-label={text('categories')}>
          {[null, ...categories].map((entry) => (
            <button
              key={entry ?? ''}
              type="button"
              className="chip"
              aria-pressed={category === entry}
              onClick={() => setCategory(entry)}
            >
              {entry === null ? text('allCategories') : categoryTitle(entry)}
            </button>
          ))}
        </div>
      )}
      <p className="visually-hidden" role="status">
        {isLong && text('foundCount', { count: shown.length })}
      </p>
      <ul className="choices" ref={list}>
        {shown.map((integration) => (
          <li key={integration.name}>
            <button type="button" className="choice" onClick={() => onChoose(integration.name)}>
              <Monogram name={integration.displayName} />
              <span className="choice-name">
                {integration.displayName}
                <span className="choice-about">{integration.categories.map(categoryTitle).join(', ')}</span>
              </span>
              {connected.some((entry) => entry.integration === integration.name) ? (
                <span className="badge badge-good">
                  <Icon name="check" />
                  {text('connected')}
                </span>
              ) : (
                integration.unavailable !== null && <span className="badge">{text('notAvailable')}</span>
              )}
              <Icon name="next" />
            </button>
          </li>
        ))}
      </ul>
      {shown.length === 0 && (
        <div className="centered">
          <p className="lead">{text('foundNone', { query })}</p>
          <button
            type="button"
            className="button"
            onClick={() => {
              setQuery('');
              setCategory(null);
              search.current?.focus();
            }}
          >
            {text('clearSearch')}
          </button>
        </div>
      )}
      {onLeave && (
        <div className="actions">
          <button type="button" className="button button-bare" onClick={onLeave}>
            {text('cancel')}
          </button>
        </div>
      )}
    </div>
  );
}
