import { listPlaceholders } from './interpolate.ts';
import { listCredentialFields } from './list-credential-fields.ts';
import type { Provider } from './provider-schema.ts';

interface TemplateProblem {
  path: PropertyKey[];
  expected: string;
  got: string;
}

function listTemplates(provider: Provider): { path: PropertyKey[]; template: string; credential: string[] }[] {
  const credential = listCredentialFields(provider.auth);
  const templates = [{ path: ['baseUrl'] as PropertyKey[], template: provider.baseUrl, credential }];
  for (const part of ['headers', 'query'] as const) {
    for (const [name, template] of Object.entries(provider[part])) {
      templates.push({ path: [part, name], template, credential });
    }
  }
  if (provider.verification) {
    templates.push({ path: ['verification', 'path'], template: provider.verification.path, credential });
  }
  if (provider.auth.mode === 'oauth2_client_credentials') {
    const own = ['clientId', 'clientSecret'];
    templates.push({ path: ['auth', 'tokenUrl'], template: provider.auth.tokenUrl, credential: own });
    for (const [name, template] of Object.entries(provider.auth.parameters)) {
      templates.push({ path: ['auth', 'parameters', name], template, credential: own });
    }
  }
  return templates;
}

/** Placeholders that can never be filled, and patterns that are no regular expressions: found when the file is read, not in a customer's run. */
export function findTemplateProblems(provider: Provider): TemplateProblem[] {
  const problems: TemplateProblem[] = [];
  const connection = Object.keys(provider.connection);
  for (const { path, template, credential } of listTemplates(provider)) {
    const known = { connection, credential };
    const names = [
      ...connection.map((name) => `connection.${name}`),
      ...credential.map((name) => `credential.${name}`),
    ];
    for (const { text, reference } of listPlaceholders(template)) {
      if (!reference || !known[reference.namespace].includes(reference.field)) {
        const expected =
          names.length === 0 ? 'no placeholder (none is declared)' : `a placeholder among ${names.join(', ')}`;
        problems.push({ path, expected, got: `\${${text}}` });
      }
    }
  }
  const secrets = provider.auth.mode === 'api_key' ? provider.auth.fields : {};
  for (const [path, fields] of [
    [['connection'], provider.connection],
    [['auth', 'fields'], secrets],
  ] as const) {
    for (const [name, field] of Object.entries(fields)) {
      if (field.pattern !== undefined && !isRegularExpression(field.pattern)) {
        problems.push({ path: [...path, name, 'pattern'], expected: 'a regular expression', got: field.pattern });
      }
    }
  }
  return problems;
}

function isRegularExpression(pattern: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}
