import { isDeepStrictEqual } from 'node:util';
import type { ChangeClass } from '@tenon/runtime/contract';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** What happened to one field of an object schema, nested ones by their path (`author.login`, `labels[].name`). */
export type FieldChange =
  | { readonly type: 'added'; readonly path: string; readonly required: boolean }
  | { readonly type: 'removed'; readonly path: string; readonly required: boolean }
  | { readonly type: 'retyped'; readonly path: string; readonly from: string; readonly to: string }
  | { readonly type: 'required' | 'optional' | 'refined'; readonly path: string };

/**
 * Compares two JSON Schemas field by field. What is below a union or a reference is compared as a whole.
 * Descriptions and titles don't count.
 */
export function diffSchemas(before: JsonSchema, after: JsonSchema, path = ''): FieldChange[] {
  if (isDeepStrictEqual(before, after)) return [];
  const [from, to] = [describeType(before), describeType(after)];
  if (from !== to) return [{ type: 'retyped', path, from, to }];
  if (isObject(before['properties']) && isObject(after['properties'])) return diffProperties(before, after, path);
  if (isObject(before['items']) && isObject(after['items'])) {
    return diffSchemas(before['items'], after['items'], `${path}[]`);
  }
  return isDeepStrictEqual(withoutProse(before), withoutProse(after)) ? [] : [{ type: 'refined', path }];
}

function diffProperties(before: JsonSchema, after: JsonSchema, path: string): FieldChange[] {
  const [old, next] = [propertiesOf(before), propertiesOf(after)];
  const [oldRequired, nextRequired] = [requiredOf(before), requiredOf(after)];
  const changes: FieldChange[] = [];
  for (const name of new Set([...Object.keys(old), ...Object.keys(next)])) {
    const field = path === '' ? name : `${path}.${name}`;
    const [was, is] = [old[name], next[name]];
    if (is === undefined) changes.push({ type: 'removed', path: field, required: oldRequired.has(name) });
    else if (was === undefined) changes.push({ type: 'added', path: field, required: nextRequired.has(name) });
    else {
      changes.push(...diffSchemas(was, is, field));
      if (oldRequired.has(name) !== nextRequired.has(name)) {
        changes.push({ type: nextRequired.has(name) ? 'required' : 'optional', path: field });
      }
    }
  }
  return changes;
}

/** A field as a reason says it: `+labels`, `priority number -> string`. */
export function describeFieldChange(change: FieldChange): string {
  switch (change.type) {
    case 'added':
      return `+${change.path}`;
    case 'removed':
      return `-${change.path}`;
    case 'retyped':
      return `${change.path || 'type'} ${change.from} -> ${change.to}`;
    case 'required':
      return `${change.path} now required`;
    case 'optional':
      return `${change.path} now optional`;
    case 'refined':
      return `${change.path || 'schema'} refined`;
  }
}

/** How a field's change matters to who reads values of the schema (records, an action's output). */
export function classOfRead(change: FieldChange): ChangeClass {
  if (change.type === 'removed' || change.type === 'retyped' || change.type === 'optional') return 'breaking';
  if (change.type === 'required' || (change.type === 'added' && change.required)) return 'resync';
  return 'safe';
}

/** How a field's change matters to who writes values of the schema (settings, an action's input). */
export function classOfWrite(change: FieldChange): ChangeClass {
  if (change.type === 'retyped' || change.type === 'required') return 'breaking';
  return change.type === 'added' && change.required ? 'breaking' : 'safe';
}

/** A schema's type in a word: `string`, `number | null`, `"open" | "closed"`, `Issue`. */
export function describeType(schema: JsonSchema): string {
  const { type, enum: values, const: constant, anyOf, oneOf, $ref: reference } = schema;
  if (typeof reference === 'string') return reference.split('/').at(-1) ?? reference;
  if (constant !== undefined) return JSON.stringify(constant);
  if (Array.isArray(values)) return values.map((value) => JSON.stringify(value)).join(' | ');
  const union = anyOf ?? oneOf;
  if (Array.isArray(union)) return union.map((one) => (isObject(one) ? describeType(one) : 'unknown')).join(' | ');
  if (type === 'array') {
    const items = isObject(schema['items']) ? describeType(schema['items']) : 'unknown';
    return items === 'object' ? 'array' : `${items.includes(' ') ? `(${items})` : items}[]`;
  }
  if (Array.isArray(type)) return type.join(' | ');
  return typeof type === 'string' ? type : 'unknown';
}

function propertiesOf(schema: JsonSchema): Record<string, JsonSchema> {
  const properties = schema['properties'];
  if (!isObject(properties)) return {};
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, isObject(value) ? value : {}]));
}

/** A field with a default is always there for who reads and never asked of who writes. */
function requiredOf(schema: JsonSchema): Set<string> {
  const required = Array.isArray(schema['required']) ? schema['required'].map(String) : [];
  const properties = propertiesOf(schema);
  return new Set(required.filter((name) => properties[name]?.['default'] === undefined));
}

/** Without titles and descriptions, at every depth. */
function withoutProse(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutProse);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'description' && key !== 'title' && key !== 'examples')
      .map(([key, inner]) => [key, withoutProse(inner)]),
  );
}

function isObject(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
