import { TenonError } from '@tenon/runtime/errors';
import { z } from 'zod';

/**
 * Writes a zod schema down as JSON Schema.
 * @param io which side: what a caller gives (`input`) or what comes out (`output`)
 * @throws TenonError `definition_invalid` when it is no zod 4 schema, or holds what JSON cannot
 */
export function describeSchema(schema: unknown, io: 'input' | 'output'): Record<string, unknown> {
  const known = requireSchema(schema);
  const impossible = new Set<string>();
  const described = z.toJSONSchema(known, {
    io,
    // zod's own answer is to throw without a path; the override below says what is meant instead.
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema, path }) {
      const type = zodSchema['_zod'].def.type;
      // Records, inputs and outputs travel as JSON, where a Date is its ISO 8601 text.
      if (type === 'date') Object.assign(jsonSchema, { type: 'string', format: 'date-time' });
      else if (typesOutsideJson.has(type)) impossible.add(`${path.join('.') || 'the schema'} is a ${type}`);
    },
  });
  if (impossible.size > 0) {
    throw new TenonError('definition_invalid', `JSON cannot hold it: ${[...impossible].join(', ')}.`, {
      hint: 'Use what JSON has: objects, lists, texts, numbers, booleans and null.',
    });
  }
  // The property is on the object, but not part of the schema (zod adds it for Standard Schema).
  return JSON.parse(JSON.stringify(described)) as Record<string, unknown>;
}

const typesOutsideJson: ReadonlySet<string> = new Set([
  'bigint',
  'function',
  'map',
  'promise',
  'set',
  'symbol',
  'file',
]);

/** A schema of any copy of zod 4 works, since only its declared structure is read; one of zod 3 has another structure. */
function requireSchema(schema: unknown): z.ZodType {
  if (typeof schema === 'object' && schema !== null) {
    if ('_zod' in schema) return schema as z.ZodType;
    if ('_def' in schema) {
      throw new TenonError('definition_invalid', 'The schema was made with zod 3.', {
        hint: "Import z from '@tenon/runtime', which is zod 4.",
      });
    }
  }
  throw new TenonError('definition_invalid', 'This is not a zod schema.', {
    hint: "Use z from '@tenon/runtime', such as z.object({ id: z.string() }).",
  });
}
