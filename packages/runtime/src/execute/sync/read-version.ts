import { isoTime } from './compare-cursors.ts';

/** What a record's version field says, as a number that grows: times in milliseconds. Undefined: nothing that orders. */
export function readVersion(value: unknown): number | undefined {
  const version = value instanceof Date ? value.getTime() : readNumber(value);
  return version !== undefined && Number.isFinite(version) ? version : undefined;
}

function readNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && isoTime.test(value) ? Date.parse(value) : undefined;
}
