import { isObject } from './read-definition.ts';

type Schema = Record<string, unknown>;

/** A JSON Schema whose objects have further properties than those they describe, at every depth. */
export function openSchema(schema: Schema): Schema {
  return open(schema) as Schema;
}

/** Where schemas are by name, rather than schemas. */
const maps = new Set(['properties', '$defs']);
const inner = new Set(['items', 'anyOf', 'oneOf', 'allOf', 'prefixItems', 'additionalProperties']);

function open(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(open);
  if (!isObject(schema)) return schema;
  const opened = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => {
      if (maps.has(key) && isObject(value)) {
        return [key, Object.fromEntries(Object.entries(value).map(([name, field]) => [name, open(field)]))];
      }
      return [key, inner.has(key) ? open(value) : value];
    }),
  );
  return isObject(schema['properties']) && schema['additionalProperties'] === false
    ? { ...opened, additionalProperties: true }
    : opened;
}
