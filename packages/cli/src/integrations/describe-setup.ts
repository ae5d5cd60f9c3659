import { authFlow, defaultVariableName, listIntegrationFields, type Provider } from '@tenon/runtime/provider';

/** What a developer does before customers can connect. */
export interface IntegrationSetup {
  /** Where an app is registered, or keys are made. */
  readonly url: string | undefined;
  readonly note: string | undefined;
  readonly needsCallback: boolean;
  readonly values: readonly { readonly variable: string; readonly title: string; readonly isOptional: boolean }[];
}

/** @param integration what the variables are named after */
export function describeSetup(integration: string, provider: Provider): IntegrationSetup {
  const fields = Object.entries(listIntegrationFields(provider));
  return {
    url: provider.setup?.url,
    note: provider.setup?.note,
    needsCallback: authFlow(provider.auth) === 'redirect',
    values: fields.map(([name, field]) => ({
      variable: defaultVariableName(integration, name),
      title: field.title,
      isOptional: field.optional || field.default !== undefined,
    })),
  };
}
