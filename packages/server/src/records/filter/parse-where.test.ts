import { expect, test } from 'vitest';
import { parseWhere } from './parse-where.ts';

test('paths are split at their dots, values keep their type', () => {
  expect(parseWhere('{"state":"open","author.login":"ada","n":1,"done":false,"end":null}')).toEqual([
    { path: ['state'], value: 'open' },
    { path: ['author', 'login'], value: 'ada' },
    { path: ['n'], value: 1 },
    { path: ['done'], value: false },
    { path: ['end'], value: null },
  ]);
  expect(parseWhere(undefined)).toEqual([]);
});

test.each([
  ['{', 'query.where'],
  ['[]', 'query.where'],
  ['null', 'query.where'],
  ['"text"', 'query.where'],
  ['{"":1}', 'query.where'],
  ['{"a..b":1}', 'query.where.a..b'],
  ['{"a.b":{"c":1}}', 'query.where.a.b'],
  ['{"a":["x"]}', 'query.where.a'],
  [String.raw`{"a":"\u0000"}`, 'query.where.a'],
  [JSON.stringify({ [Array.from({ length: 21 }, () => 'a').join('.')]: 1 }), undefined],
  [JSON.stringify(Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`f${n}`, n]))), 'query.where'],
])('%s is refused with its path', (text, path) => {
  const refusal = expect.objectContaining({ path: path ?? expect.stringContaining('query.where.a.a') });
  expect(() => parseWhere(text)).toThrow(
    expect.objectContaining({ code: 'request_invalid', details: { problems: [refusal] } }),
  );
});
