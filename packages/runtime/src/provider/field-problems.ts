import type { ProviderField } from './auth/provider-field.ts';
import { matchesPattern } from './matches-pattern.ts';

/** One thing wrong with what was given, without its value: it may be a secret. */
export interface FieldProblem {
  path: string;
  expected: string;
  got: string;
}

/**
 * Checks values against the fields that a provider declares.
 * @param prefix of the problems' paths, such as `values.`
 */
export function findFieldProblems(
  values: Readonly<Record<string, string>>,
  fields: Readonly<Record<string, ProviderField>>,
  prefix: string,
): FieldProblem[] {
  const problems: FieldProblem[] = [];
  for (const [name, field] of Object.entries(fields)) {
    const value = Object.hasOwn(values, name) ? values[name] : field.default;
    if (value === undefined || value === '') {
      if (!field.optional) problems.push({ path: `${prefix}${name}`, expected: field.title, got: 'nothing' });
    } else if (field.options && !field.options.some((option) => option.value === value)) {
      const known = field.options.map((option) => option.value).join(', ');
      problems.push({ path: `${prefix}${name}`, expected: `${field.title}, one of ${known}`, got: 'another value' });
    } else if (!matchesPattern(value, field)) {
      const example = field.example === undefined ? '' : `, such as ${field.example}`;
      problems.push({
        path: `${prefix}${name}`,
        expected: `${field.title} matching ${field.pattern}${example}`,
        got: 'a value of another form',
      });
    }
  }
  for (const name of Object.keys(values)) {
    if (!Object.hasOwn(fields, name)) {
      const known = Object.keys(fields).join(', ');
      problems.push({
        path: `${prefix}${name}`,
        expected: known === '' ? 'no fields' : `one of ${known}`,
        got: 'an unknown field',
      });
    }
  }
  return problems;
}

/** The given values, and the defaults of those that were left out. */
export function fillDefaults(
  values: Readonly<Record<string, string>>,
  fields: Readonly<Record<string, ProviderField>>,
): Record<string, string> {
  const filled = { ...values };
  for (const [name, field] of Object.entries(fields)) {
    if (field.default !== undefined && (filled[name] ?? '') === '') filled[name] = field.default;
  }
  return filled;
}
