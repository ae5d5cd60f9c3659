import { TenonError } from '@tenon/runtime/errors';

/** A field of a record that has to have a value. */
export interface FieldCondition {
  readonly path: readonly string[];
  readonly value: string | number | boolean | null;
}

const mostConditions = 20;
const mostDepth = 20;

/**
 * Reads the `where` of a request: `{"state":"open","author.login":"ada"}`. Numbers in a path are places in a list.
 * @throws TenonError `request_invalid` with the path of what is wrong
 */
export function parseWhere(text: string | undefined): readonly FieldCondition[] {
  if (text === undefined) return [];
  const fields = Object.entries(readObject(text));
  if (fields.length > mostConditions) throw refuse('', `at most ${mostConditions} fields`);
  return fields.map(([field, value]) => {
    const path = field.split('.');
    if (path.includes('') || path.length > mostDepth || field.includes('\0')) {
      throw refuse(field, `a path such as author.login, of at most ${mostDepth} names`);
    }
    if (!isScalar(value)) throw refuse(field, 'a text without NUL, a number, true, false or null');
    return { path, value };
  });
}

function readObject(text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refuse('', 'JSON such as {"state":"open"}');
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw refuse('', 'a JSON object such as {"state":"open"}');
}

function isScalar(value: unknown): value is FieldCondition['value'] {
  if (typeof value === 'string') return !value.includes('\0');
  return value === null || typeof value === 'number' || typeof value === 'boolean';
}

function refuse(field: string, expected: string): TenonError {
  const path = field === '' ? 'query.where' : `query.where.${field}`;
  const message = `expected ${expected}`;
  return new TenonError('request_invalid', `${path}: ${message}`, {
    hint: 'where is a JSON object: the path of a field, dot-separated, to the value that it has.',
    details: { problems: [{ path, message }] },
  });
}
