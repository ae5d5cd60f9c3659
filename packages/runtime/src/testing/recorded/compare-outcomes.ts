import type { RecordedOutcome } from '../../recording/recording-schema.ts';

/** One place in which an outcome is not what is recorded. */
export interface OutcomeDifference {
  /** Such as `records.Issue[id=12].title`. */
  readonly path: string;
  /** undefined: nothing is recorded there. */
  readonly expected: unknown;
  readonly actual: unknown;
}

/** Compares what came of a run with what is recorded, path by path; records are found by their ids. */
export function compareOutcomes(expected: RecordedOutcome, actual: RecordedOutcome): OutcomeDifference[] {
  const differences: OutcomeDifference[] = [];
  visit('', { expected, actual }, differences);
  return differences;
}

interface Pair {
  readonly expected: unknown;
  readonly actual: unknown;
}

function visit(path: string, { expected, actual }: Pair, found: OutcomeDifference[]): void {
  if (Object.is(expected, actual)) return;
  const [left, right] = [toFields(expected), toFields(actual)];
  if (left === undefined || right === undefined || Array.isArray(expected) !== Array.isArray(actual)) {
    found.push({ path: path === '' ? '$' : path, expected, actual });
    return;
  }
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    visit(join(path, key), { expected: left.get(key), actual: right.get(key) }, found);
  }
}

/** The parts of a value by what names them; undefined: it has none. */
function toFields(value: unknown): Map<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value)) return new Map(Object.entries(value));
  const ids = value.map((item: unknown) => (isObject(item) ? item['id'] : undefined));
  const haveIds = ids.every((id) => typeof id === 'string' || typeof id === 'number');
  if (haveIds && new Set(ids).size === ids.length) {
    return new Map(value.map((item, index) => [`[id=${String(ids[index])}]`, item]));
  }
  return new Map(value.map((item, index) => [`[${index}]`, item]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function join(path: string, key: string): string {
  if (key.startsWith('[') || path === '') return `${path}${key}`;
  return /^[\w$-]+$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}
