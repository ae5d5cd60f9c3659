import { describe, expect, it, test } from 'vitest';
import { sampleManifest, sampleSync } from '../../deployments/testing/sample-manifest.ts';
import { columnTypeOf } from './column-type.ts';
import { modelColumns } from './model-columns.ts';
import { createSqlNames, showName, toSnakeCase } from './sql-name.ts';

test.each([
  [{ type: 'string' }, 'text'],
  [{ type: 'string', format: 'date-time' }, 'timestamptz'],
  [{ type: 'string', format: 'date' }, 'date'],
  [{ type: ['string', 'null'], format: 'date-time' }, 'timestamptz'],
  [{ anyOf: [{ type: 'integer' }, { type: 'null' }] }, 'bigint'],
  [{ anyOf: [{ type: 'integer' }, { type: 'string' }] }, 'jsonb'],
  [{ oneOf: [{ const: 'a' }, { const: 'b' }] }, 'text'],
  [{ enum: ['open', 'closed', null] }, 'text'],
  [{ enum: [1, 'a'] }, 'jsonb'],
  [{ const: true }, 'boolean'],
  [{ type: 'number' }, 'double precision'],
  [{ type: 'object' }, 'jsonb'],
  [{ type: 'array' }, 'jsonb'],
  [{}, 'jsonb'],
  [true, 'jsonb'],
])('the column of %j is %s', (schema, type) => {
  expect(columnTypeOf(schema)).toBe(type);
});

describe('names in SQL', () => {
  it('are in snake case', () => {
    const names = ['createdAt', 'HTMLUrl', 'id', 'due on', 'a-b', 'issueID2'];
    expect(names.map(toSnakeCase)).toEqual(['created_at', 'html_url', 'id', 'due_on', 'a_b', 'issue_id2']);
  });

  it('never meet, and fit 63 bytes', () => {
    const nameOf = createSqlNames(['id']);
    const long = 'ü'.repeat(40);
    const names = [nameOf('id'), nameOf('id'), nameOf(long), nameOf(`${long}a`), nameOf(long), nameOf('')];
    expect(new Set(names).size).toBe(6);
    expect(names.slice(0, 2)).toEqual(['id_2', 'id_3']);
    for (const name of names) expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63);
  });

  it('are shown with the quotes that they need', () => {
    expect([showName('a_b'), showName('1a'), showName('a"b')]).toEqual(['a_b', '"1a"', '"a""b"']);
  });
});

test('a model of several syncs has the properties of all of them', () => {
  const schema = (properties: object) => [{ name: 'Issue', schema: { type: 'object', properties } }];
  const manifest = sampleManifest({
    functions: [
      sampleSync({ models: schema({ id: { type: 'string' }, n: { type: 'integer' }, createdAt: { type: 'string' } }) }),
      sampleSync({ name: 'more', models: schema({ id: { type: 'string' }, n: { type: 'string' }, created_at: {} }) }),
    ],
  });
  expect(modelColumns(manifest, { integration: 'tracker', model: 'Issue' })).toEqual([
    { name: 'id', property: 'id', type: 'text' },
    { name: 'n', property: 'n', type: 'jsonb' },
    { name: 'created_at', property: 'createdAt', type: 'text' },
    { name: 'created_at_2', property: 'created_at', type: 'jsonb' },
  ]);
  expect(modelColumns(manifest, { integration: 'tracker', model: 'None' })).toEqual([]);
});
