import { toPascalCase } from '../identifier-case.ts';
import { docLines } from './doc-text.ts';
import { propertyName } from './literal-text.ts';
import type { RenderPlace, RenderType } from './render-place.ts';
import type { SchemaNode, SchemaObject } from './schema-node.ts';
import { tight, unionOf } from './type-text.ts';

/** One member of an object type; an index signature's `key` is its parameter. */
export interface ObjectMember {
  readonly key: { readonly property: string; readonly isOptional: boolean } | 'index';
  readonly type: string;
  readonly docs: readonly string[];
}

const onlyObjectWords: ReadonlySet<string> = new Set(['anyOf', 'oneOf', 'allOf', '$ref', 'enum', 'const', 'nullable']);

/** The members of a schema that is an object and nothing else; undefined for every other schema. */
export function renderMembers(
  schema: SchemaNode,
  place: RenderPlace,
  renderType: RenderType,
): ObjectMember[] | undefined {
  if (typeof schema !== 'object' || Object.keys(schema).some((word) => onlyObjectWords.has(word))) return undefined;
  const saysObject = schema.type === 'object' || (schema.type === undefined && schema.properties !== undefined);
  return saysObject
    ? [...namedMembers(schema, place, renderType), ...indexMembers(schema, place, renderType)]
    : undefined;
}

function namedMembers(schema: SchemaObject, place: RenderPlace, renderType: RenderType): ObjectMember[] {
  const required = new Set(schema.required);
  const properties: Record<string, SchemaNode> = { ...schema.properties };
  // z.record(z.enum([...]), value): the keys are known, so they are properties.
  for (const key of knownKeys(schema)) {
    if (!Object.hasOwn(properties, key)) properties[key] = schema.additionalProperties ?? true;
  }
  return Object.entries(properties).map(([name, property]) => {
    const isOptional = !required.has(name);
    const type = renderType(property, { ...place, path: place.path + toPascalCase(name), isNamed: false });
    const mayBeUndefined = isOptional && place.mode === 'input' && type.text !== 'unknown';
    return {
      key: { property: propertyName(name), isOptional },
      type: (mayBeUndefined ? unionOf([type, tight('undefined')]) : type).text,
      docs: docLines(property),
    };
  });
}

function indexMembers(schema: SchemaObject, place: RenderPlace, renderType: RenderType): ObjectMember[] {
  if (knownKeys(schema).length > 0) return [];
  const hasProperties = Object.keys(schema.properties ?? {}).length > 0;
  const open = [
    ...(typeof schema.additionalProperties === 'object' || schema.additionalProperties === true
      ? [schema.additionalProperties]
      : []),
    ...Object.values(schema.patternProperties ?? {}),
  ];
  if (open.length === 0 && schema.additionalProperties === false) {
    return hasProperties ? [] : [{ key: 'index', type: 'never', docs: [] }];
  }
  if (open.length === 0) return hasProperties ? [] : [{ key: 'index', type: 'unknown', docs: [] }];
  // Named properties must fit the index signature, which their own types seldom do.
  if (hasProperties) return [{ key: 'index', type: 'unknown', docs: [] }];
  const values = open.map((value) => renderType(value, { ...place, path: `${place.path}Value`, isNamed: false }));
  return [{ key: 'index', type: unionOf(values).text, docs: [] }];
}

function knownKeys(schema: SchemaObject): string[] {
  const names = schema.propertyNames;
  if (typeof names !== 'object') return [];
  const keys = names.enum ?? (names.const === undefined ? [] : [names.const]);
  return keys.filter((key) => typeof key === 'string');
}
