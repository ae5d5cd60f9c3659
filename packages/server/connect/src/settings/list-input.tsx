import { useRef, type KeyboardEvent, type ReactNode } from 'react';
import { Icon } from '../parts/icon.tsx';
import { useText } from '../text/text-context.ts';

/** A list of texts: one input each; Enter in one adds the next, since it would otherwise send the form. */
export function ListInput(props: {
  readonly title: string;
  readonly entries: readonly string[];
  readonly isInvalid: true | undefined;
  readonly isDisabled: boolean;
  readonly onChange: (entries: readonly string[]) => void;
}): ReactNode {
  const { title, isInvalid, isDisabled, onChange } = props;
  const text = useText();
  const list = useRef<HTMLDivElement>(null);
  // There is always a place to write.
  const entries = props.entries.length === 0 ? [''] : props.entries;

  const focusEntry = (index: number): void => {
    requestAnimationFrame(() => list.current?.querySelectorAll('input')[index]?.focus());
  };
  const add = (after: number): void => {
    onChange([...entries.slice(0, after + 1), '', ...entries.slice(after + 1)]);
    focusEntry(after + 1);
  };
  const remove = (index: number): void => {
    onChange(entries.filter((_, at) => at !== index));
    focusEntry(Math.max(0, index - 1));
  };
  const press = (event: KeyboardEvent, index: number): void => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
    event.preventDefault();
    if (entries[index]?.trim() !== '') add(index);
  };
  return (
    <div className="list" ref={list}>
      {entries.map((entry, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- entries are texts without an identity of their own
        <div className="list-entry" key={index}>
          <input
            className="input"
            type="text"
            value={entry}
            aria-label={text('entry', { field: title, number: index + 1 })}
            aria-invalid={index === 0 ? isInvalid : undefined}
            readOnly={isDisabled}
            onChange={(event) => onChange(entries.map((old, at) => (at === index ? event.target.value : old)))}
            onKeyDown={(event) => press(event, index)}
          />
          {entries.length > 1 && (
            <button
              type="button"
              className="input-button"
              disabled={isDisabled}
              aria-label={text('removeEntry', { field: title, number: index + 1 })}
              onClick={() => remove(index)}
            >
              <Icon name="close" />
            </button>
          )}
        </div>
      ))}
      <button
        type="button"
        className="button button-small"
        disabled={isDisabled}
        aria-label={text('addEntryTo', { field: title })}
        onClick={() => add(entries.length - 1)}
      >
        <Icon name="plus" />
        {text('addEntry')}
      </button>
    </div>
  );
}
