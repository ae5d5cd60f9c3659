import type { ColumnType } from '@tenon/runtime/contract';

type Schema = Readonly<Record<string, unknown>>;

/** The SQL type of a property's JSON Schema; `jsonb` for objects, lists, and what may be of several types. */
export function columnTypeOf(schema: unknown): ColumnType {
  if (!isSchema(schema)) return 'jsonb';
  const alternatives = alternativesOf(schema);
  if (alternatives) {
    const types = new Set(alternatives.filter((one) => !isNull(one)).map(columnTypeOf));
    const [only] = types;
    return types.size === 1 && only !== undefined ? only : 'jsonb';
  }
  return scalarType(typeName(schema), schema['format']);
}

function alternativesOf(schema: Schema): unknown[] | undefined {
  const listed = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(listed)) return listed;
  const types = schema['type'];
  return Array.isArray(types) ? types.map((type: unknown) => ({ ...schema, type })) : undefined;
}

function scalarType(type: unknown, format: unknown): ColumnType {
  if (type === 'string') return format === 'date-time' ? 'timestamptz' : format === 'date' ? 'date' : 'text';
  if (type === 'integer') return 'bigint';
  if (type === 'number') return 'double precision';
  return type === 'boolean' ? 'boolean' : 'jsonb';
}

/** Of a schema that lists its values only, that of the values, if it is one. */
function typeName(schema: Schema): unknown {
  if (schema['type'] !== undefined) return schema['type'];
  const values = 'const' in schema ? [schema['const']] : schema['enum'];
  if (!Array.isArray(values)) return undefined;
  const types = new Set(values.filter((value) => value !== null).map((value) => typeof value));
  return types.size === 1 ? [...types][0] : undefined;
}

function isNull(schema: unknown): boolean {
  return isSchema(schema) && (schema['type'] === 'null' || schema['const'] === null);
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
