import { isDeepStrictEqual } from 'node:util';

type Data = Readonly<Record<string, unknown>>;

/**
 * What differs between two versions of a record: dot-separated paths, as deep as both have an object there; a list
 * counts as one value. Against null every field of the new version is one.
 */
export function findChangedPaths(before: Data | null, after: Data): string[] {
  return [...walk(before ?? {}, after, '')];
}

function* walk(before: Data, after: Data, prefix: string): Generator<string, void, undefined> {
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, now] = [before[key], after[key]];
    if (isObject(old) && isObject(now)) yield* walk(old, now, `${prefix}${key}.`);
    else if (!isDeepStrictEqual(old, now)) yield `${prefix}${key}`;
  }
}

function isObject(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
