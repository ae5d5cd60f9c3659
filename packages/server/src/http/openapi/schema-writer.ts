import { z } from 'zod';
import { componentSchemas } from './component-schemas.ts';

type JsonSchema = Record<string, unknown>;

/** Turns zod schemas into those of OpenAPI 3.1 (JSON Schema 2020-12), named ones as references. */
export function createSchemaWriter() {
  const components: Record<string, JsonSchema> = {};

  /** @param io `input` for what clients send (defaults are optional), `output` for what they get */
  function write(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const { $schema: _dialect, ...whole } = z.toJSONSchema(schema, {
      io,
      metadata: componentSchemas,
      unrepresentable: 'any',
    });
    const id = componentSchemas.get(schema)?.id;
    const { $defs: definitions = {}, ...rest } = rename(whole);
    Object.assign(components, definitions);
    // A named schema that holds other named ones comes as a reference to itself.
    if (id === undefined || typeof rest['$ref'] === 'string') return rest;
    const { id: _id, ...component } = rest;
    components[id] = component;
    return { $ref: `#/components/schemas/${id}` };
  }

  return { components, write };
}

/** zod refers to `#/$defs/Name`; the document keeps them under components. */
function rename(schema: JsonSchema): JsonSchema & { $defs?: Record<string, JsonSchema> } {
  const text = JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/');
  const parsed = JSON.parse(text) as JsonSchema & { $defs?: Record<string, JsonSchema> };
  for (const definition of Object.values(parsed.$defs ?? {})) delete definition['id'];
  return parsed;
}
