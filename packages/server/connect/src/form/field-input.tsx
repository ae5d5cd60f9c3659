import { useState, type ReactNode } from 'react';
import type { ConnectField } from '@tenon/runtime/contract';
import { Icon } from '../parts/icon.tsx';
import { useText } from '../text/text-context.ts';
import { Labelled } from './labelled.tsx';

/** One field that the provider asks for. */
export function FieldInput(props: {
  readonly field: ConnectField;
  readonly value: string;
  readonly problem: string | undefined;
  readonly isDisabled: boolean;
  readonly onChange: (value: string) => void;
}): ReactNode {
  const { field, value, problem, isDisabled, onChange } = props;
  const text = useText();
  const [isShown, setIsShown] = useState(false);
  // Password managers must not offer to keep, or to fill in, what is no password of this page.
  const plain = { autoComplete: 'off', autoCapitalize: 'none', autoCorrect: 'off', spellCheck: false } as const;
  const change = (event: { readonly target: { readonly value: string } }): void => onChange(event.target.value);
  return (
    <Labelled title={field.title} description={field.description} isOptional={field.optional} problem={problem}>
      {(wiring) => {
        const common = { ...wiring, ...plain, value, name: field.name, readOnly: isDisabled, onChange: change };
        if (field.options) {
          return (
            <select
              {...wiring}
              className="input"
              name={field.name}
              value={value}
              disabled={isDisabled}
              onChange={change}
            >
              <option value="">{text('choose')}</option>
              {field.options.map((option) => (
                <option key={option.value} value={option.value}>
                  {option.title}
                </option>
              ))}
            </select>
          );
        }
        if (field.multiline) {
          const hidden = field.secret && !isShown ? ' input-concealed' : '';
          return (
            <div className="input-with-button">
              <textarea
                {...common}
                className={`input input-code${hidden}`}
                rows={5}
                placeholder={field.example}
                onFocus={() => setIsShown(true)}
                onBlur={() => setIsShown(false)}
              />
            </div>
          );
        }
        if (!field.secret) return <input {...common} className="input" type="text" placeholder={field.example} />;
        return (
          <div className="input-with-button">
            <input
              {...common}
              className="input"
              type={isShown ? 'text' : 'password'}
              autoComplete="new-password"
              placeholder={field.example}
            />
            <button
              type="button"
              className="input-button"
              aria-label={text(isShown ? 'hide' : 'show', { field: field.title })}
              aria-pressed={isShown}
              onClick={() => setIsShown(!isShown)}
            >
              <Icon name={isShown ? 'hide' : 'show'} />
            </button>
          </div>
        );
      }}
    </Labelled>
  );
}
