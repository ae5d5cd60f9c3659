import { isSensitiveName, redacted } from '../request/redact.ts';
import type { RecordedExchange } from './exchange.ts';

/** A request as it came to the replay. */
export interface SentRequest {
  readonly method: string;
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface ParsedPath {
  readonly pathname: string;
  /** Sorted, as the order of parameters says nothing. */
  readonly query: readonly (readonly [string, string])[];
}

export function parsePath(path: string): ParsedPath {
  const start = path.indexOf('?');
  if (start === -1) return { pathname: path, query: [] };
  const query = new URLSearchParams(path.slice(start + 1));
  query.sort();
  return { pathname: path.slice(0, start), query: [...query] };
}

/** Whether a text is the recorded one, in which "[redacted]" stands for any text. */
export function equalsText(expected: string, actual: string): boolean {
  if (expected === actual || expected === redacted) return true;
  const [first = '', ...rest] = expected.split(redacted);
  const last = rest.pop();
  if (last === undefined || !actual.startsWith(first)) return false;
  let place = first.length;
  for (const part of rest) {
    const found = actual.indexOf(part, place);
    if (found === -1) return false;
    place = found + part.length;
  }
  return actual.length - last.length >= place && actual.endsWith(last);
}

/** Deep equality of JSON, in which "[redacted]" stands for any value. */
export function equals(expected: unknown, actual: unknown): boolean {
  if (expected === redacted || Object.is(expected, actual)) return true;
  if (typeof expected === 'string' && typeof actual === 'string') return equalsText(expected, actual);
  if (typeof expected !== 'object' || typeof actual !== 'object' || expected === null || actual === null) return false;
  if (Array.isArray(expected) !== Array.isArray(actual)) return false;
  const keys = Object.keys(expected);
  return (
    keys.length === Object.keys(actual).length &&
    keys.every((key) => Object.hasOwn(actual, key) && equals(Reflect.get(expected, key), Reflect.get(actual, key)))
  );
}

export function readSentBody({ headers, body }: SentRequest): unknown {
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    return Object.fromEntries(new URLSearchParams(body));
  }
  try {
    return JSON.parse(body);
  } catch {
    return body; // Text is compared as text.
  }
}

function compareQuery(expected: ParsedPath, actual: ParsedPath): string[] {
  const differences: string[] = [];
  const names = new Set([...expected.query, ...actual.query].map(([name]) => name));
  for (const name of names) {
    const [want, got] = [expected, actual].map(({ query }) =>
      query.filter(([other]) => other === name).map(([, value]) => value),
    );
    if (!equals(want, got)) {
      const show = (values: readonly string[] = []): string =>
        values.length === 0 ? 'nothing' : isSensitiveName(name) ? redacted : values.join(', ');
      differences.push(`query ${name}: recorded ${show(want)}, sent ${show(got)}`);
    }
  }
  return differences;
}

/** In what a request differs from a recorded one; empty: it matches. */
export function findDifferences({ request }: RecordedExchange, sent: SentRequest): string[] {
  const differences: string[] = [];
  if (request.method.toUpperCase() !== sent.method)
    differences.push(`method: recorded ${request.method}, sent ${sent.method}`);
  const expected = parsePath(request.path);
  const actual = parsePath(sent.path);
  if (!equalsText(expected.pathname, actual.pathname)) {
    differences.push(`path: recorded ${expected.pathname}, sent ${actual.pathname}`);
  }
  differences.push(...compareQuery(expected, actual));
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    const got = sent.headers[name.toLowerCase()];
    if (got === undefined || !equals(value, got)) differences.push(`header ${name}`);
  }
  if (request.body !== undefined && request.body !== sent.body && !equals(request.body, readSentBody(sent))) {
    differences.push('body');
  }
  return differences;
}
