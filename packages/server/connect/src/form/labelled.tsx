import { useId, type ReactNode } from 'react';
import { Icon } from '../parts/icon.tsx';
import { useText } from '../text/text-context.ts';

/** What an input needs in order to be named and described by the words around it. */
export interface InputWiring {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': true | undefined;
  readonly 'aria-required': true | undefined;
}

/** A label above an input, its help below, and what is wrong with it. */
export function Labelled(props: {
  readonly title: string;
  readonly description?: string | undefined;
  readonly isOptional: boolean;
  readonly problem: string | undefined;
  /** Several inputs under one name, such as the entries of a list. */
  readonly asGroup?: boolean;
  readonly children: (wiring: InputWiring) => ReactNode;
}): ReactNode {
  const { title, description, isOptional, problem, asGroup = false, children } = props;
  const text = useText();
  const id = useId();
  const describedBy = [problem !== undefined && `${id}-problem`, description && `${id}-help`].filter(Boolean).join(' ');
  const wiring: InputWiring = {
    id,
    'aria-describedby': describedBy === '' ? undefined : describedBy,
    'aria-invalid': problem === undefined ? undefined : true,
    'aria-required': isOptional ? undefined : true,
  };
  const label = (
    <>
      {title}
      {isOptional && <span className="optional"> ({text('optional')})</span>}
    </>
  );
  const words = (
    <>
      {problem !== undefined && (
        <p className="problem" id={`${id}-problem`}>
          <Icon name="alert" />
          {problem}
        </p>
      )}
      {description && (
        <p className="help" id={`${id}-help`}>
          {description}
        </p>
      )}
    </>
  );
  return asGroup ? (
    <fieldset className="field" aria-describedby={wiring['aria-describedby']}>
      <legend className="label">{label}</legend>
      {children(wiring)}
      {words}
    </fieldset>
  ) : (
    <div className="field">
      <label className="label" htmlFor={id}>
        {label}
      </label>
      {children(wiring)}
      {words}
    </div>
  );
}
