import type { ReactNode } from 'react';
import { Labelled } from '../form/labelled.tsx';
import { useText } from '../text/text-context.ts';
import { ListInput } from './list-input.tsx';
import { settingsKeyOf, type SettingsNode } from './settings-node.ts';
import type { SettingsValues } from './settings-values.ts';

interface InputsProps {
  readonly values: SettingsValues;
  readonly isDisabled: boolean;
  readonly problemOf: (key: string) => string | undefined;
  readonly onChange: (key: string, value: SettingsValues[string]) => void;
}

/** The inputs of the settings, groups within groups. */
export function SettingsInputs({
  nodes,
  ...props
}: InputsProps & { readonly nodes: readonly SettingsNode[] }): ReactNode {
  return nodes.map((node) =>
    node.kind === 'group' ? (
      <fieldset className="group group-inner" key={settingsKeyOf(node)}>
        <legend className="label">{node.title}</legend>
        {node.description !== undefined && <p className="help">{node.description}</p>}
        <SettingsInputs {...props} nodes={node.children} />
      </fieldset>
    ) : (
      <SettingsInput {...props} node={node} key={settingsKeyOf(node)} />
    ),
  );
}

function SettingsInput(props: InputsProps & { readonly node: Exclude<SettingsNode, { kind: 'group' }> }): ReactNode {
  const { node, values, isDisabled } = props;
  const text = useText();
  const key = settingsKeyOf(node);
  const value = values[key];
  const typed = typeof value === 'string' ? value : '';
  const entries = Array.isArray(value) ? (value as readonly string[]) : [];
  const change = (changed: SettingsValues[string]): void => props.onChange(key, changed);
  const changeText = (event: { readonly target: { readonly value: string } }): void => change(event.target.value);
  const labelled = {
    title: node.title,
    description: node.description,
    isOptional: !node.isRequired && node.initial === undefined && node.kind !== 'boolean',
    problem: props.problemOf(key),
  };

  switch (node.kind) {
    case 'boolean':
      return (
        <label className="switch">
          <input
            type="checkbox"
            checked={value === true}
            disabled={isDisabled}
            onChange={(event) => change(event.target.checked)}
          />
          <span>
            {node.title}
            {node.description !== undefined && <span className="help">{node.description}</span>}
          </span>
        </label>
      );
    case 'choice':
      return (
        <Labelled {...labelled}>
          {(wiring) => (
            <select {...wiring} className="input" value={typed} disabled={isDisabled} onChange={changeText}>
              <option value="">{text('choose')}</option>
              {node.options.map((option) => (
                <option key={option.value} value={String(option.value)}>
                  {option.title}
                </option>
              ))}
            </select>
          )}
        </Labelled>
      );
    case 'choices':
      return (
        <Labelled {...labelled} asGroup>
          {(wiring) =>
            node.options.map((option, index) => {
              const own = String(option.value);
              return (
                <label className="switch" key={own}>
                  <input
                    type="checkbox"
                    checked={entries.includes(own)}
                    disabled={isDisabled}
                    aria-invalid={index === 0 ? wiring['aria-invalid'] : undefined}
                    onChange={(event) =>
                      change(event.target.checked ? [...entries, own] : entries.filter((entry) => entry !== own))
                    }
                  />
                  <span>{option.title}</span>
                </label>
              );
            })
          }
        </Labelled>
      );
    case 'list':
      return (
        <Labelled {...labelled} asGroup>
          {(wiring) => (
            <ListInput
              title={node.title}
              entries={entries}
              isInvalid={wiring['aria-invalid']}
              isDisabled={isDisabled}
              onChange={change}
            />
          )}
        </Labelled>
      );
    case 'json':
      return (
        <Labelled {...labelled}>
          {(wiring) => (
            <textarea
              {...wiring}
              className="input input-code"
              rows={5}
              spellCheck={false}
              value={typed}
              readOnly={isDisabled}
              onChange={changeText}
            />
          )}
        </Labelled>
      );
    default:
      return (
        <Labelled {...labelled}>
          {(wiring) => (
            <input
              {...wiring}
              className="input"
              type={node.kind === 'text' ? node.format : 'text'}
              inputMode={node.kind === 'number' ? (node.isInteger ? 'numeric' : 'decimal') : undefined}
              value={typed}
              readOnly={isDisabled}
              onChange={changeText}
            />
          )}
        </Labelled>
      );
  }
}
