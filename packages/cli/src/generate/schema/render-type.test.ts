import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { NameAllocator } from '../name-allocator.ts';
import { typeStatement } from '../type-statement.ts';
import type { SchemaNode } from './schema-node.ts';
import { TypeScope, type TypeMode } from './type-scope.ts';

function declare(schema: SchemaNode, mode: TypeMode = 'output'): string {
  const names = new NameAllocator([]);
  const name = names.allocate('Root', 'Type');
  const scope = new TypeScope(names, [{ name, schema, mode, docs: [], isShared: true }]);
  return scope.declarations.map(typeStatement).join('\n');
}

const alias = (text: string) => `export type Root = ${text};`;

describe('renderType', () => {
  it.each<[string, SchemaNode, string]>([
    ['anything', {}, 'unknown'],
    ['everything', true, 'unknown'],
    ['nothing', false, 'never'],
    ['an integer', { type: 'integer' }, 'number'],
    ['null', { type: 'null' }, 'null'],
    ['a list of types', { type: ['string', 'null'] }, 'string | null'],
    ["OpenAPI's nullable", { type: 'string', nullable: true }, 'string | null'],
    ['an enum', { enum: ['a', "it's", 1, true, null] }, "'a' | 'it\\'s' | 1 | true | null"],
    ['a constant', { const: 'x\ny' }, "'x\\ny'"],
    ['a constant object', { const: { 'a-b': [1] } }, "{ 'a-b': readonly [1] }"],
    ['a list of a union', { type: 'array', items: { type: ['string', 'number'] } }, '(string | number)[]'],
    ['a list of anything', { type: 'array' }, 'unknown[]'],
    ['a union without repetition', { anyOf: [{ type: 'number' }, { type: 'integer' }] }, 'number'],
    ['a union that holds anything', { anyOf: [{ type: 'number' }, {}] }, 'unknown'],
    [
      'an intersection of unions',
      { allOf: [{ type: ['string', 'null'] }, { enum: ['a', 'b'] }] },
      "(string | null) & ('a' | 'b')",
    ],
    [
      'a tuple',
      { type: 'array', prefixItems: [{ type: 'string' }, { type: 'number' }], items: false },
      '[string, number]',
    ],
    [
      'a tuple with an optional part and a rest',
      { type: 'array', prefixItems: [{ type: 'string' }, { type: 'number' }], minItems: 1, items: { type: 'null' } },
      '[string, (number)?, ...null[]]',
    ],
    ['a reference to nowhere', { $ref: 'https://example.com/x' }, 'unknown'],
    ['a type that nobody knows', { type: 'date' }, 'unknown'],
  ])('writes %s', (_, schema, expected) => expect(declare(schema)).toBe(alias(expected)));

  it('writes a map, an open object and an empty one', () => {
    expect(declare({ type: 'object', additionalProperties: { type: 'number' } })).toBe(
      'export interface Root {\n  [key: string]: number;\n}',
    );
    expect(declare({ type: 'object', properties: { a: { type: 'string' } }, additionalProperties: {} })).toContain(
      'a?: string;\n  [key: string]: unknown;',
    );
    expect(declare({ type: 'object', additionalProperties: false })).toContain('[key: string]: never;');
  });

  it('writes the keys of a record with known keys as properties', () => {
    const schema = z.toJSONSchema(z.record(z.enum(['low', 'high']), z.number())) as SchemaNode;
    expect(declare(schema)).toBe('export interface Root {\n  low: number;\n  high: number;\n}');
  });

  it('lets undefined stand for absent where an app writes, and not where it reads', () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } } };
    expect(declare(schema, 'input')).toContain('a?: string | undefined;');
    expect(declare(schema, 'output')).toContain('a?: string;');
  });

  it('names recursive types after where they are, or as the schema does', () => {
    const Node = z.object({
      get children() {
        return z.array(Node);
      },
    });
    expect(declare(z.toJSONSchema(Node) as SchemaNode)).toBe('export interface Root {\n  children: Root[];\n}');
    expect(declare(z.toJSONSchema(z.object({ tree: Node })) as SchemaNode)).toBe(
      'export interface Root {\n  tree: RootTree;\n}\nexport interface RootTree {\n  children: RootTree[];\n}',
    );
    const named = {
      $defs: {
        'json-value': { anyOf: [{ type: 'string' }, { type: 'array', items: { $ref: '#/$defs/json-value' } }] },
      },
      $ref: '#/$defs/json-value',
    };
    expect(declare(named)).toBe('export type Root = JsonValue;\nexport type JsonValue = string | JsonValue[];');
  });

  it('names a shape that occurs twice once, and says that it is the root where it is the root', () => {
    const person = { type: 'object', properties: { login: { type: 'string' } }, required: ['login'] };
    const text = declare({
      type: 'object',
      required: ['a', 'b'],
      properties: { a: person, b: { type: 'array', items: person } },
    });
    expect(text).toContain('a: RootA;\n  b: RootA[];');
    expect(text.match(/login/g)).toHaveLength(1);
  });

  it('breaks a union that is too long for a line', () => {
    const values = Array.from({ length: 20 }, (_, index) => `value-${index}`);
    expect(declare({ enum: values })).toMatch(/= \n {2}\| 'value-0'\n {2}\| 'value-1'/);
  });

  it('keeps descriptions from ending their comment', () => {
    const text = declare({
      type: 'object',
      properties: { a: { description: 'x */ alert()', format: 'uri', default: 1 } },
    });
    expect(text).toContain('x *\\/ alert()');
    expect(text).toContain('Format: uri');
    expect(text).toContain('@default 1');
  });
});
