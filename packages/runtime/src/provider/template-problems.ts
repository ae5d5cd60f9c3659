import type { Provider } from './provider-schema.ts';
import { captureOf } from './capture-of.ts';
import { findExposedSecrets } from './exposed-secrets.ts';
import { listPlaceholders, type InterpolationValues } from './interpolate.ts';
import { askedCredentialFields, listCredentialFields } from './list-credential-fields.ts';
import { listIntegrationFields } from './list-integration-fields.ts';
import { compilePattern } from './matches-pattern.ts';
import type { TemplateProblem } from './template-problem.ts';

type KnownNames = Readonly<Partial<Record<keyof InterpolationValues, readonly string[]>>>;

/** What a custom signature may be made of, as `${request.<name>}`. */
export const signedRequestNames = [
  'method',
  'url',
  'path',
  'query',
  'pathAndQuery',
  'host',
  'body',
  'bodySha256',
  'timestamp',
  'nonce',
];

/** Every text of a part of the file, with its path. */
function listTexts(value: unknown, path: PropertyKey[]): { path: PropertyKey[]; text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => listTexts(inner, [...path, name]));
}

/** What templates may name in requests to the API. */
function namesInRequests(provider: Provider): KnownNames {
  return {
    connection: [...Object.keys(provider.connection), ...Object.keys(captureOf(provider.auth))],
    credential: listCredentialFields(provider.auth),
    integration: Object.keys(listIntegrationFields(provider)),
  };
}

/** What templates may name where credentials are obtained or requests are signed. */
function namesInAuth(provider: Provider): KnownNames {
  const { auth } = provider;
  const inRequests = namesInRequests(provider);
  return {
    ...inRequests,
    credential: [...Object.keys(askedCredentialFields(auth)), ...(inRequests.credential ?? []), 'refreshToken'],
    ...(auth.mode === 'token_exchange' && { step: auth.steps.flatMap(({ capture }) => Object.keys(capture)) }),
    ...(auth.mode === 'signature' && { request: [...signedRequestNames, 'signature'] }),
    ...(signsTokens(auth.mode) && { request: ['nonce', 'timestamp'] }),
  };
}

function signsTokens(mode: Provider['auth']['mode']): boolean {
  return mode === 'jwt' || mode === 'oauth2_jwt_bearer' || mode === 'app';
}

function findUnknownNames(provider: Provider): TemplateProblem[] {
  const { auth, baseUrl, headers, query, verification } = provider;
  const requests = namesInRequests(provider);
  const parts = [
    ...listTexts({ baseUrl, headers, query, verification }, []).map((text) => ({ ...text, known: requests })),
    ...listTexts(auth, ['auth']).map((text) => ({ ...text, known: namesInAuth(provider) })),
  ];
  return parts.flatMap(({ path, text, known }) =>
    listPlaceholders(text)
      .filter(({ reference }) => !reference || !known[reference.namespace]?.includes(reference.field))
      .map((placeholder) => ({ path, expected: describeKnown(known), got: `\${${placeholder.text}}` })),
  );
}

function describeKnown(known: KnownNames): string {
  const names = Object.entries(known).flatMap(([namespace, fields]) => fields.map((field) => `${namespace}.${field}`));
  return names.length === 0 ? 'no placeholder (none is declared)' : `a placeholder among ${names.join(', ')}`;
}

function findBadPatterns(provider: Provider): TemplateProblem[] {
  const { auth, connection, integration } = provider;
  const groups = [
    { path: ['connection'], fields: connection },
    { path: ['integration'], fields: integration },
    { path: ['auth', 'fields'], fields: askedCredentialFields(auth) },
    { path: ['auth', 'capture'], fields: captureOf(auth) },
  ];
  return groups.flatMap(({ path, fields }) =>
    Object.entries(fields).flatMap(([name, { pattern }]) =>
      pattern === undefined || isRegularExpression(pattern)
        ? []
        : [{ path: [...path, name, 'pattern'], expected: 'a regular expression', got: pattern }],
    ),
  );
}

/** What anybody can write into a redirect must at least be checked for its form: it may become part of an address. */
function findOpenCaptures(provider: Provider): TemplateProblem[] {
  return Object.entries(captureOf(provider.auth)).flatMap(([name, { from, pattern, url }]): TemplateProblem[] => {
    const path = ['auth', 'capture', name];
    if (from === 'callback' && pattern === undefined) {
      return [{ path, expected: 'a pattern, since the parameters of a redirect can be forged', got: 'nothing' }];
    }
    if ((from === 'request') !== (url !== undefined)) {
      return [{ path, expected: 'a url where, and only where, it is from a request', got: `${from}` }];
    }
    if (provider.auth.mode === 'app' && from === 'callback' && !provider.auth.ownership) {
      const expected = 'auth.ownership beside it, or a customer connects the installation of another one by its number';
      return [{ path, expected, got: 'nothing that proves whose it is' }];
    }
    return [];
  });
}

/**
 * What a schema cannot say: placeholders that can never be filled, patterns that are no regular expressions, captures
 * that trust a redirect, secrets that go where a customer says. Found when the file is read, not in a customer's run.
 */
export function findTemplateProblems(provider: Provider): TemplateProblem[] {
  const badPatterns = findBadPatterns(provider);
  return [
    ...findUnknownNames(provider),
    ...badPatterns,
    ...findOpenCaptures(provider),
    // It tries the patterns.
    ...(badPatterns.length === 0 ? findExposedSecrets(provider) : []),
  ];
}

function isRegularExpression(pattern: string): boolean {
  try {
    return compilePattern(pattern) instanceof RegExp;
  } catch {
    return false;
  }
}
