import { askedCredentialFields, authFlow, type Provider, type ProviderField } from '@tenon/runtime/provider';

type Fields = Readonly<Record<string, ProviderField>>;

/** What a customer is asked for, by the group of the form. */
export interface AskedFields {
  readonly credential: Fields;
  readonly config: Fields;
}

/**
 * The form of a provider. What the app gave already is not asked for, and neither is what the provider tells: a
 * browser could give the account of somebody else.
 */
export function listAskedFields(provider: Provider, given: Readonly<Record<string, string>>): AskedFields {
  const { auth } = provider;
  const config = Object.entries(provider.connection).filter(
    ([name, { setBy }]) => setBy !== 'app' && !Object.hasOwn(given, name),
  );
  return {
    credential: authFlow(auth) === 'form' ? freeWhereUndeclared(provider) : {},
    config: Object.fromEntries(config),
  };
}

/** Of a connection's values, those that only the app sets. */
export function appFieldsOf(
  provider: Provider,
  config: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(config).filter(([name]) => provider.connection[name]?.setBy === 'app'));
}

/** What only the app may say (`setBy: app`), and did not. */
export function listMissingAppFields(provider: Provider, given: Readonly<Record<string, string>>): string[] {
  return Object.entries(provider.connection)
    .filter(([, { setBy, optional, default: initial }]) => setBy === 'app' && !optional && initial === undefined)
    .flatMap(([name]) => (Object.hasOwn(given, name) ? [] : [name]));
}

/** One half of basic authentication is often empty; a provider that wants it filled declares it. */
function freeWhereUndeclared({ auth }: Provider): Fields {
  const fields = askedCredentialFields(auth);
  if (auth.mode !== 'basic') return fields;
  const declared = { username: auth.username, password: auth.password };
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) =>
      declared[name as keyof typeof declared] ? [name, field] : [name, { ...field, optional: true }],
    ),
  );
}
