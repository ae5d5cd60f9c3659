import { describe, expect, it } from 'vitest';
import { findLink } from './link-header.ts';

describe('findLink', () => {
  it.each([
    ['<https://a/x?page=2>; rel="next", <https://a/x?page=9>; rel="last"', 'https://a/x?page=2'],
    ['<https://a/x?page=9>; rel="last", <https://a/x?page=2>; rel="next"', 'https://a/x?page=2'],
    ['<https://a/x?ids=1,2;3>; rel=next', 'https://a/x?ids=1,2;3'],
    ['</x?page=2>;rel="prefetch next"', '/x?page=2'],
    ['<?page=2> ; title="a; rel=\\"prev\\", b" ; REL="Next"', '?page=2'],
    ['<https://a/1>; rel=prev; rel=next', undefined],
    ['<https://a/1>; title=next', undefined],
    ['<https://a/1>; rel="nextish"', undefined],
    ['', undefined],
    ['garbage', undefined],
    [undefined, undefined],
  ])('reads %s', (header, expected) => {
    expect(findLink(header, 'next')).toBe(expected);
  });

  it('reads a hostile header in linear time', () => {
    expect(findLink(`<x>${'; a="'.repeat(20_000)}`, 'next')).toBeUndefined();
  });
});
