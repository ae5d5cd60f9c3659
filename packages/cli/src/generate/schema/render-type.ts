import { literalText } from './literal-text.ts';
import { renderObjectBody } from './object-body.ts';
import { renderMembers } from './render-members.ts';
import type { RenderPlace } from './render-place.ts';
import type { SchemaNode, SchemaObject } from './schema-node.ts';
import { arrayOf, intersectionOf, tight, unionOf, type TypeText } from './type-text.ts';

/** Writes a JSON Schema as a TypeScript type. What types cannot say (patterns, ranges, `not`, `if`) is left out. */
export function renderType(schema: SchemaNode, place: RenderPlace): TypeText {
  if (typeof schema === 'boolean') return tight(schema ? 'unknown' : 'never');
  const base = renderBase(schema, place);
  return schema.nullable === true ? unionOf([base, tight('null')]) : base;
}

function renderBase(schema: SchemaObject, place: RenderPlace): TypeText {
  const below: RenderPlace = { ...place, isNamed: false };
  const parts: TypeText[] = [];
  if (schema.$ref !== undefined) parts.push(tight(place.scope.nameOfReference(schema.$ref, below) ?? 'unknown'));
  if (schema.const !== undefined) return tight(literalText(schema.const));
  if (schema.enum !== undefined) return unionOf(schema.enum.map((value) => tight(literalText(value))));
  for (const word of ['anyOf', 'oneOf'] as const) {
    const members = schema[word];
    if (members !== undefined) parts.push(unionOf(members.map((member) => renderType(member, below))));
  }
  if (schema.allOf !== undefined) parts.push(intersectionOf(schema.allOf.map((member) => renderType(member, below))));
  const own = renderOwn(schema, place);
  // Beside anyOf and its kind, `type: object` alone repeats what the members say.
  if (parts.length === 0 || schema.properties !== undefined) parts.push(own);
  return intersectionOf(parts);
}

function renderOwn(schema: SchemaObject, place: RenderPlace): TypeText {
  if (Array.isArray(schema.type)) {
    return unionOf((schema.type as readonly string[]).map((type) => renderOfType(type, { ...schema, type }, place)));
  }
  if (typeof schema.type === 'string') return renderOfType(schema.type, schema, place);
  if (schema.properties !== undefined) return renderObject(schema, place);
  if (schema.items !== undefined || schema.prefixItems !== undefined) return renderArray(schema, place);
  return tight('unknown');
}

function renderOfType(type: string, schema: SchemaObject, place: RenderPlace): TypeText {
  switch (type) {
    case 'string':
    case 'boolean':
    case 'number':
    case 'null':
      return tight(type);
    case 'integer':
      return tight('number');
    case 'array':
      return renderArray(schema, place);
    case 'object':
      return renderObject(schema, place);
    default:
      return tight('unknown');
  }
}

function renderArray(schema: SchemaObject, place: RenderPlace): TypeText {
  const item = { ...place, path: `${place.path}Item`, isNamed: false };
  if (schema.prefixItems === undefined) return arrayOf(renderType(schema.items ?? true, item));
  const required = schema.minItems ?? schema.prefixItems.length;
  const items = schema.prefixItems.map((member, index) => {
    const text = renderType(member, { ...item, path: `${place.path}${index + 1}` });
    return index < required ? text.text : `(${text.text})?`;
  });
  // Draft 2020-12 allows more items unless `items` is false; zod means none when it says nothing.
  if (typeof schema.items === 'object') items.push(`...${arrayOf(renderType(schema.items, item)).text}`);
  return tight(`[${items.join(', ')}]`);
}

function renderObject(schema: SchemaObject, place: RenderPlace): TypeText {
  const { anyOf: _any, oneOf: _one, allOf: _all, $ref: _ref, nullable: _null, ...plain } = schema;
  const isWhole = Object.keys(plain).length === Object.keys(schema).length;
  const repeated = isWhole && place.isNamed !== true ? place.scope.nameOfRepeated(schema, place) : undefined;
  if (repeated !== undefined) return tight(repeated);
  const members = renderMembers({ ...plain, type: 'object' }, place, renderType) ?? [];
  if (members.length === 0) return tight('{ [key: string]: never }');
  const [first] = members;
  if (members.length === 1 && first !== undefined && first.key === 'index') {
    return tight(`{ [key: string]: ${first.type} }`);
  }
  return tight(renderObjectBody(members));
}
