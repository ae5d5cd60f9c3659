import { TenonError } from '../errors/tenon-error.ts';
import type { Credentials } from './credential.ts';
import { fillDefaults, findFieldProblems, type FieldProblem } from './field-problems.ts';
import type { Provider, ProviderField } from './provider-schema.ts';

function failValidation(provider: Provider, what: string, problems: FieldProblem[]): never {
  const lines = problems.map((problem) => `${problem.path}: expected ${problem.expected}, got ${problem.got}`);
  throw new TenonError(
    'credentials_invalid',
    `${what} not what ${provider.displayName} asks for: ${lines.join('; ')}.`,
    {
      hint: `See the fields of the provider "${provider.name}" and ${provider.docs}.`,
      details: { provider: provider.name, problems },
    },
  );
}

/**
 * Checks credentials against the fields that the provider declares.
 * @returns the credentials, with declared defaults filled in
 * @throws TenonError `credentials_invalid` naming each field, never a value
 */
export function validateCredentials(provider: Provider, credentials: Credentials): Credentials {
  const { auth } = provider;
  const problems: FieldProblem[] = [];
  if (credentials.mode !== auth.mode) {
    problems.push({ path: 'mode', expected: auth.mode, got: credentials.mode });
  } else if (credentials.mode === 'api_key' && auth.mode === 'api_key') {
    problems.push(...findFieldProblems(credentials.values, auth.fields, 'values.'));
    if (problems.length === 0) return { mode: 'api_key', values: fillDefaults(credentials.values, auth.fields) };
  } else if (credentials.mode === 'basic' && auth.mode === 'basic') {
    // A declared field is checked; an undeclared one is free, as one half of basic auth is often empty (Stripe's password).
    const fields: Record<string, ProviderField> = {};
    const values: Record<string, string> = {};
    for (const name of ['username', 'password'] as const) {
      const field = auth[name];
      if (field) {
        fields[name] = field;
        values[name] = credentials[name];
      }
    }
    problems.push(...findFieldProblems(values, fields, ''));
    if (problems.length === 0) return { ...credentials, ...fillDefaults(values, fields) };
  }
  if (problems.length > 0) failValidation(provider, 'The credentials are', problems);
  return credentials;
}

/**
 * Checks what the customer was asked for beside the credentials (a subdomain, a region).
 * @returns the values, with declared defaults filled in
 * @throws TenonError `credentials_invalid` naming each field
 */
export function validateConnectionConfig(
  provider: Provider,
  config: Readonly<Record<string, string>>,
): Record<string, string> {
  const problems = findFieldProblems(config, provider.connection, 'config.');
  if (problems.length > 0) failValidation(provider, "The connection's values are", problems);
  return fillDefaults(config, provider.connection);
}
