import { describe, expect, it } from 'vitest';
import { readPath } from './read-path.ts';

describe('readPath', () => {
  const value = { a: { b: [{ c: 1 }, { c: 0 }] }, empty: null, '': 'nameless' };

  it('reads nested values, list positions and falsy values', () => {
    expect(readPath(value, 'a.b.0.c')).toBe(1);
    expect(readPath(value, 'a.b.1.c')).toBe(0);
    expect(readPath(value, 'empty')).toBeNull();
  });

  it.each(['a.x', 'a.b.2.c', 'empty.x', 'a.b.0.c.d', 'constructor', 'a.__proto__'])('finds nothing at %s', (path) => {
    expect(readPath(value, path)).toBeUndefined();
  });

  it('reads a name that has dots of its own, at the end of the path', () => {
    const odata = { value: [], '@odata.nextLink': 'https://api.example/next' };
    expect(readPath(odata, '@odata.nextLink')).toBe('https://api.example/next');
    expect(readPath({ d: odata }, 'd.@odata.nextLink')).toBe('https://api.example/next');
    expect(readPath({ '@odata': { other: 1 } }, '@odata.nextLink')).toBeUndefined();
  });

  it('finds nothing in what is no object', () => {
    expect(readPath('text', 'length')).toBeUndefined();
    expect(readPath(undefined, 'a')).toBeUndefined();
  });
});
