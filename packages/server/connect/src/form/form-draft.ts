import type { ConnectIntegration } from '@tenon/runtime/contract';
import type { SettingsNode } from '../settings/settings-node.ts';
import { initialSettings, type SettingsValues } from '../settings/settings-values.ts';
import { initialValues, type FieldValues } from './field-values.ts';

/** What was typed into the form of one integration. */
export interface FormDraft {
  readonly fields: FieldValues;
  readonly settings: SettingsValues;
}

export function emptyDraft(integration: ConnectIntegration, nodes: readonly SettingsNode[]): FormDraft {
  return { fields: initialValues(integration.fields), settings: initialSettings(nodes) };
}
