import { TenonError } from '../errors/tenon-error.ts';

/** Deeper values are refused; it also ends the walk through a value that contains itself. */
const maxDepth = 100;

/**
 * JSON with the keys of every object in one order, whatever order they were set in, so that equal values have equal
 * text (integer-like keys first, in numeric order, then the others by UTF-16 code unit). What Postgres' jsonb cannot
 * hold although JSON can (NUL, lone surrogates) is written as U+FFFD.
 *
 * A sorted copy given to the native JSON.stringify beat every writer of our own: 3.2 us against 4.0-4.5 us for a
 * record of 0.9 kB on Node 20 (plain JSON.stringify: 2.7 us), and as fast on Node 24.
 *
 * @throws TenonError `record_invalid` for what JSON would lose or cannot carry (BigInt, NaN, Map, functions, cycles);
 *   `details.path` says where
 */
export function canonicalJson(value: unknown): string {
  let json: string | undefined;
  try {
    json = JSON.stringify(sortedCopy(value, 0));
  } catch (error) {
    if (error === uncarriable) throw describeUncarriable(value);
    throw error;
  }
  if (json === undefined) throw describeUncarriable(value);
  return json.includes('\\u') ? json.replace(unstorable, replaceUnstorable) : json;
}

/** Pairs of backslashes are matched too, so that the text `\\u0000` (a backslash, then "u0000") is left alone. */
const unstorable = /\\(?:\\|u0000|ud[89a-f][0-9a-f]{2})/g;

function replaceUnstorable(match: string): string {
  return match === '\\\\' ? match : '\ufffd';
}

/** Thrown without a path: keeping one during the walk would slow down every good record. */
const uncarriable = new Error('a value that JSON cannot carry');

function sortedCopy(value: unknown, depth: number): unknown {
  if (value === null || typeof value !== 'object') {
    if (typeof value === 'string' || typeof value === 'boolean' || value === undefined || value === null) return value;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw uncarriable;
  }
  if (depth >= maxDepth || isOpaque(value)) throw uncarriable;
  if (Array.isArray(value)) {
    const copy = Array.from<unknown>({ length: value.length });
    for (let index = 0; index < value.length; index += 1) copy[index] = sortedCopy(value[index], depth + 1);
    return copy;
  }
  if (hasToJson(value)) return sortedCopy(value.toJSON(), depth + 1);
  const keys = Object.keys(value);
  sortKeys(keys);
  const copy: Record<string, unknown> = {};
  for (const key of keys) {
    const field = sortedCopy((value as Record<string, unknown>)[key], depth + 1);
    if (key === '__proto__') Object.defineProperty(copy, key, { value: field, enumerable: true });
    else copy[key] = field;
  }
  return copy;
}

function sortKeys(keys: string[]): void {
  for (let index = 1; index < keys.length; index += 1) {
    if ((keys[index - 1] ?? '') > (keys[index] ?? '')) {
      keys.sort();
      return;
    }
  }
}

function hasToJson(value: object): value is { toJSON(): unknown } {
  return typeof (value as { toJSON?: unknown }).toJSON === 'function';
}

/** JSON.stringify would turn these into `{}` or an object of indexes, and lose the data without a word. */
function isOpaque(value: object): boolean {
  return value instanceof Map || value instanceof Set || ArrayBuffer.isView(value) || value instanceof ArrayBuffer;
}

function describeUncarriable(value: unknown): TenonError {
  const found = locateUncarriable(value, [], 0);
  const path = found?.path ?? [];
  const what = found?.what ?? typeof value;
  return new TenonError(
    'record_invalid',
    `JSON cannot carry ${what}${path.length > 0 ? ` at ${path.join('.')}` : ''}.`,
    {
      hint: 'Convert it to a string, a number, a plain object or a list before saving.',
      details: { path: path.join('.') },
    },
  );
}

interface Uncarriable {
  path: string[];
  what: string;
}

function locateUncarriable(value: unknown, path: string[], depth: number): Uncarriable | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined;
  if (value === undefined) return depth === 0 ? { path, what: 'undefined' } : undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : { path, what: String(value) };
  if (typeof value !== 'object') return { path, what: `a ${typeof value}` };
  if (depth >= maxDepth) return { path: path.slice(0, 5), what: `a value nested deeper than ${maxDepth} levels` };
  if (isOpaque(value)) return { path, what: `a ${value.constructor.name}` };
  if (!Array.isArray(value) && hasToJson(value)) return locateUncarriable(value.toJSON(), path, depth + 1);
  for (const [key, field] of Object.entries(value)) {
    const found = locateUncarriable(field, [...path, key], depth + 1);
    if (found) return found;
  }
  return undefined;
}
