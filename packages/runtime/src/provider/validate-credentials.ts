import { TenonError } from '../errors/tenon-error.ts';
import type { Credentials } from './credential.ts';
import { fillDefaults, findFieldProblems, type FieldProblem } from './field-problems.ts';
import { captureOf } from './capture-of.ts';
import type { ProviderField } from './auth/provider-field.ts';
import { askedCredentialFields } from './list-credential-fields.ts';
import type { Provider } from './provider-schema.ts';

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
  if (credentials.mode !== auth.mode) {
    failValidation(provider, 'The credentials are', [{ path: 'mode', expected: auth.mode, got: credentials.mode }]);
  }
  const { given, fields, prefix } = fieldsToCheck(auth, credentials);
  const problems = findFieldProblems(given, fields, prefix);
  if (problems.length > 0) failValidation(provider, 'The credentials are', problems);
  const filled = fillDefaults(given, fields);
  return 'values' in credentials ? { ...credentials, values: filled } : { ...credentials, ...filled };
}

interface FieldsToCheck {
  readonly given: Record<string, string>;
  readonly fields: Record<string, ProviderField>;
  readonly prefix: string;
}

function fieldsToCheck(auth: Provider['auth'], credentials: Credentials): FieldsToCheck {
  const fields = { ...askedCredentialFields(auth) };
  // An import brings the token itself, which the provider declares no fields for.
  if (credentials.mode === 'oauth1' && auth.mode === 'oauth1' && Object.keys(fields).length === 0) {
    return { given: {}, fields: {}, prefix: '' };
  }
  if ('values' in credentials) return { given: credentials.values, fields, prefix: 'values.' };
  if (credentials.mode === 'basic' && auth.mode === 'basic') {
    // A declared field is checked; an undeclared one is free, as one half of basic auth is often empty (Stripe's password).
    const names = (['username', 'password'] as const).filter((name) => auth[name] !== undefined);
    return {
      given: Object.fromEntries(names.map((name) => [name, credentials[name]])),
      fields: Object.fromEntries(
        Object.entries(fields).filter(([name]) => names.some((declared) => declared === name)),
      ),
      prefix: '',
    };
  }
  if (credentials.mode === 'oauth2_client_credentials') {
    const { clientId, clientSecret } = credentials;
    const given = { ...(clientId !== undefined && { clientId }), ...(clientSecret !== undefined && { clientSecret }) };
    return { given, fields, prefix: '' };
  }
  return { given: {}, fields: {}, prefix: '' };
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
  const captured = Object.fromEntries(
    Object.entries(captureOf(provider.auth)).map(([name, { pattern }]) => [name, capturedField(name, pattern)]),
  );
  const fields = { ...captured, ...provider.connection };
  const problems = findFieldProblems(config, fields, 'config.');
  if (problems.length > 0) failValidation(provider, "The connection's values are", problems);
  return fillDefaults(config, fields);
}

/** What connecting finds out; an import may bring it. */
function capturedField(title: string, pattern: string | undefined): ProviderField {
  return { title, optional: true, secret: false, multiline: false, ...(pattern === undefined ? {} : { pattern }) };
}
