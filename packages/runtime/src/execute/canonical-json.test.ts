import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.ts';

function refusalOf(value: unknown): unknown {
  try {
    return canonicalJson(value);
  } catch (error) {
    return error;
  }
}

describe('canonicalJson', () => {
  it('gives equal text for equal values, whatever order their keys were set in', () => {
    const left = { b: 1, a: { d: [1, { y: 1, x: 2 }], c: null } };
    const right = { a: { c: null, d: [1, { x: 2, y: 1 }] }, b: 1 };
    expect(canonicalJson(left)).toBe('{"a":{"c":null,"d":[1,{"x":2,"y":1}]},"b":1}');
    expect(canonicalJson(right)).toBe(canonicalJson(left));
  });

  it('keeps the order of lists', () => {
    expect(canonicalJson([3, 1, 2])).toBe('[3,1,2]');
  });

  it('drops undefined fields and writes dates as ISO times, as JSON does', () => {
    expect(canonicalJson({ at: new Date(0), gone: undefined, list: [undefined] })).toBe(
      '{"at":"1970-01-01T00:00:00.000Z","list":[null]}',
    );
  });

  it('keeps a field called __proto__', () => {
    expect(canonicalJson(JSON.parse('{"b":1,"__proto__":{"x":1}}'))).toBe('{"__proto__":{"x":1},"b":1}');
  });

  it('replaces what jsonb cannot hold, and nothing that only looks like it', () => {
    expect(JSON.parse(canonicalJson({ a: 'x\0y', b: '\ud800', c: '\\u0000', d: '😀\u0001' }))).toEqual({
      a: 'x\ufffdy',
      b: '\ufffd',
      c: '\\u0000',
      d: '😀\u0001',
    });
  });

  it.each([
    ['a BigInt', { a: { b: [1, 2n] } }, 'a.b.1', 'a bigint'],
    ['NaN', { price: Number.NaN }, 'price', 'NaN'],
    ['Infinity', [{ price: Infinity }], '0.price', 'Infinity'],
    ['a Map', { tags: new Map([['a', 1]]) }, 'tags', 'a Map'],
    ['bytes', { file: Buffer.from('a') }, 'file', 'a Buffer'],
    ['a function', { call: () => 1 }, 'call', 'a function'],
    ['undefined itself', undefined, '', 'undefined'],
  ])('refuses %s and says where it is', (_name, value, path, what) => {
    expect(refusalOf(value)).toMatchObject({
      code: 'record_invalid',
      message: expect.stringContaining(what),
      details: { path },
    });
  });

  it('refuses a value that contains itself', () => {
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    expect(refusalOf(loop)).toMatchObject({
      code: 'record_invalid',
      message: expect.stringContaining('nested deeper'),
    });
  });
});
