import {
  askedCredentialFields,
  captureOf,
  listCredentialFields,
  listIntegrationFields,
  signedRequestNames,
  type InterpolationValues,
  type Provider,
  type ProviderField,
} from '@tenon/runtime/provider';

/** A value that a field would take, and that is nobody's: its example, its default or its first option. */
export function sampleOf(field: Pick<ProviderField, 'example' | 'default' | 'options'>): string {
  return field.example ?? field.default ?? field.options?.[0]?.value ?? 'sample';
}

/** Made-up values for everything that the provider's templates may name. */
export function sampleValues(provider: Provider): InterpolationValues {
  const { auth } = provider;
  const made = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, 'sample']));
  return {
    connection: { ...samplesOf(provider.connection), ...samplesOf(captureOf(auth)) },
    credential: { ...made([...listCredentialFields(auth), 'refreshToken']), ...samplesOf(askedCredentialFields(auth)) },
    integration: samplesOf(listIntegrationFields(provider)),
    ...(auth.mode === 'token_exchange' && {
      step: made(auth.steps.flatMap(({ capture }) => Object.keys(capture))),
    }),
    ...(auth.mode === 'signature' && {
      request: made([...signedRequestNames, 'signature']),
    }),
  };
}

function samplesOf(fields: Readonly<Record<string, Pick<ProviderField, 'example' | 'default' | 'options'>>>) {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, sampleOf(field)]));
}
