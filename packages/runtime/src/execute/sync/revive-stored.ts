import type { ModelSchema } from '../../define/define-sync.ts';

/**
 * A stored record as its model gives it. JSON made texts of its dates; where the model wants a Date, it gets one back.
 * @returns what the model reads; where it cannot read its own output, the stored value with its dates
 */
export function reviveStored(schema: ModelSchema, json: string): Record<string, unknown> {
  const value = reviveInput(schema, json);
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : value;
}

/** A stored record as it may be given to its model once more: as stored, with its dates. */
export function reviveInput(schema: ModelSchema, json: string): Record<string, unknown> {
  const value = JSON.parse(json) as Record<string, unknown>;
  const parsed = schema.safeParse(value);
  for (const issue of parsed.error?.issues ?? []) {
    if (issue.code === 'invalid_type' && issue.expected === 'date') reviveDate(value, issue.path);
  }
  return value;
}

function reviveDate(value: unknown, path: readonly PropertyKey[]): void {
  const place = path.slice(0, -1).reduce<unknown>((at, key) => readOwn(at, key), value);
  const last = path.at(-1);
  if (typeof place !== 'object' || place === null || last === undefined) return;
  const text = readOwn(place, last);
  if (typeof text !== 'string' || Number.isNaN(Date.parse(text))) return;
  (place as Record<PropertyKey, unknown>)[last] = new Date(text);
}

function readOwn(value: unknown, key: PropertyKey): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<PropertyKey, unknown>)[key];
}
