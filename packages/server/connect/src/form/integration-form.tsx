import { useEffect, useRef, useState, type FormEvent, type ReactNode } from 'react';
import type { ConnectIntegration, StartAuthorization, SubmitConnection } from '@tenon/runtime/contract';
import type { ConnectFailure } from '../api/connect-failure.ts';
import { FailureNotice } from '../parts/failure-notice.tsx';
import { Icon } from '../parts/icon.tsx';
import { readSettingsSchema } from '../settings/read-settings-schema.ts';
import { SettingsInputs } from '../settings/settings-inputs.tsx';
import { listInputs, settingsKeyOf } from '../settings/settings-node.ts';
import { readSettings } from '../settings/settings-values.ts';
import { useText } from '../text/text-context.ts';
import { checkField } from './check-field.ts';
import { FieldInput } from './field-input.tsx';
import { keyOf, valuesOf } from './field-values.ts';
import { emptyDraft, type FormDraft } from './form-draft.ts';
import { placeProblems } from './server-problems.ts';

type Problems = Readonly<Record<string, string>>;

/** Asks for the fields and the settings, checks them, and starts the connecting. */
export function IntegrationForm(props: {
  readonly integration: ConnectIntegration;
  readonly failure: ConnectFailure | null;
  readonly isBusy: boolean;
  readonly draft: FormDraft | undefined;
  readonly onDraft: (draft: FormDraft) => void;
  readonly onSubmit: (request: SubmitConnection) => void;
  readonly onAuthorize: (request: StartAuthorization) => void;
}): ReactNode {
  const { integration, failure, isBusy, onDraft, onSubmit, onAuthorize } = props;
  const { fields, displayName: name } = integration;
  const text = useText();
  const form = useRef<HTMLFormElement>(null);
  const nodes = readSettingsSchema(integration.settings);
  const draft = props.draft ?? emptyDraft(integration, nodes);
  const keys = [...fields.map(keyOf), ...listInputs(nodes).map(settingsKeyOf)];

  const placed = failure && placeProblems(failure, keys, ({ expected }) => expected ?? text('problemRefused'));
  const [problems, setProblems] = useState<Problems>({});
  useEffect(() => {
    if (placed) setProblems(placed.byField);
  }, [failure]);
  // A screen reader user, and everybody else, goes on at the first field that needs it.
  useEffect(() => {
    if (Object.keys(problems).length > 0) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [problems]);

  const forget = (key: string): void => {
    // The field that is being corrected keeps the focus, so this must not start the effect above.
    if (problems[key] === undefined) return;
    setCorrected((known) => new Set(known).add(key));
  };
  const [corrected, setCorrected] = useState<ReadonlySet<string>>(new Set());
  const problemOf = (key: string): string | undefined => (corrected.has(key) ? undefined : problems[key]);

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isBusy) return;
    const found: Record<string, string> = {};
    for (const field of fields) {
      const problem = checkField(field, (draft.fields[keyOf(field)] ?? '').trim(), text);
      if (problem !== undefined) found[keyOf(field)] = problem;
    }
    const read = readSettings(nodes, draft.settings, text);
    Object.assign(found, read.problems);
    setCorrected(new Set());
    setProblems(found);
    if (Object.keys(found).length > 0) return;
    const chosen = {
      integration: integration.name,
      config: valuesOf('config', fields, draft.fields),
      ...(nodes.length > 0 && { settings: read.settings }),
    };
    if (integration.flow === 'redirect') onAuthorize(chosen);
    else onSubmit({ ...chosen, values: valuesOf('credential', fields, draft.fields) });
  };

  const hasProblems = keys.some((key) => problemOf(key) !== undefined);
  return (
    <form ref={form} className="form" noValidate onSubmit={submit} aria-busy={isBusy}>
      {failure && !placed?.areComplete && <FailureNotice failure={failure} name={name} />}
      <p className="visually-hidden" role="status">
        {hasProblems && text('problemsSummary')}
      </p>
      {fields.map((field) => (
        <FieldInput
          key={keyOf(field)}
          field={field}
          value={draft.fields[keyOf(field)] ?? ''}
          problem={problemOf(keyOf(field))}
          isDisabled={isBusy}
          onChange={(value) => {
            forget(keyOf(field));
            onDraft({ ...draft, fields: { ...draft.fields, [keyOf(field)]: value } });
          }}
        />
      ))}
      {nodes.length > 0 && (
        <fieldset className="group">
          <legend className="group-title">{text('settingsTitle')}</legend>
          <SettingsInputs
            nodes={nodes}
            values={draft.settings}
            problemOf={problemOf}
            isDisabled={isBusy}
            onChange={(key, value) => {
              forget(key);
              onDraft({ ...draft, settings: { ...draft.settings, [key]: value } });
            }}
          />
        </fieldset>
      )}
      <button type="submit" className="button button-main button-wide" aria-disabled={isBusy}>
        {isBusy && <span className="spinner" aria-hidden="true" />}
        {isBusy
          ? text('connecting')
          : integration.flow === 'redirect'
            ? text('continueTo', { name })
            : text('connectNow')}
        {!isBusy && integration.flow === 'redirect' && <Icon name="external" />}
      </button>
      <p className="visually-hidden" role="status">
        {isBusy && text('connecting')}
      </p>
    </form>
  );
}
