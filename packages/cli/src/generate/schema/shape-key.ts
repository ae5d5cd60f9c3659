import { canonicalJson } from './canonical-json.ts';
import type { SchemaNode, SchemaObject } from './schema-node.ts';

/** Text that is equal for object schemas that mean the same type. References count with what they refer to. */
export function shapeKey(schema: SchemaObject, within: { root: SchemaObject; mode: string }): string {
  // Only roots carry `$schema`.
  const { $schema: _, ...shape } = schema as SchemaObject & { $schema?: unknown };
  const own = canonicalJson(shape);
  const referred = own.includes('"$ref"') ? canonicalJson(within.root) : '';
  return `${within.mode} ${own} ${referred}`;
}

/** How often each object shape with named properties occurs below the given schemas. */
export function countShapes(roots: readonly { schema: SchemaNode; mode: string }[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { schema, mode } of roots) {
    if (typeof schema !== 'object') continue;
    // What a repeated shape holds is written once with it, so it is walked once.
    const visit = (node: unknown): void => {
      if (typeof node !== 'object' || node === null) return;
      if (Array.isArray(node)) {
        for (const item of node) visit(item);
        return;
      }
      const object = node as SchemaObject;
      if (node !== schema && object.properties !== undefined && typeof object.properties === 'object') {
        const key = shapeKey(object, { root: schema, mode });
        const count = (counts.get(key) ?? 0) + 1;
        counts.set(key, count);
        if (count > 1) return;
      }
      for (const below of schemasBelow(object)) visit(below);
    };
    visit(schema);
  }
  return counts;
}

/** Only where schemas stand: a `default` or an `enum` may hold anything. */
function schemasBelow(schema: SchemaObject): unknown[] {
  return [
    ...Object.values(schema.properties ?? {}),
    ...Object.values(schema.patternProperties ?? {}),
    ...Object.values(schema.$defs ?? {}),
    ...Object.values(schema.definitions ?? {}),
    schema.additionalProperties,
    schema.items,
    schema.prefixItems,
    schema.anyOf,
    schema.oneOf,
    schema.allOf,
  ];
}
