import { describe, expect, it } from 'vitest';
import { appendQuery, parseBaseAddress, resolvePath } from './address.ts';

const base = parseBaseAddress('https://api.example.com/v1/');

describe('parseBaseAddress', () => {
  it.each(['ftp://x', 'api.example.com', 'https://user:pass@example.com', 'https://'])('refuses %s', (url) => {
    expect(() => parseBaseAddress(url)).toThrow(expect.objectContaining({ code: 'interpolation_failed' }));
  });
});

describe('resolvePath', () => {
  it.each([
    ['/items', '/v1/items'],
    ['items', '/v1/items'],
    ['', '/v1'],
    ['?page=2', '/v1?page=2'],
    ['https://api.example.com/v1/items?page=2', '/v1/items?page=2'],
    ['https://api.example.com:443/other', '/other'],
    ['HTTPS://API.example.com/other', '/other'],
    ['//evil.com/x', '/v1//evil.com/x'],
    ['/a b/ü#part', '/v1/a%20b/%C3%BC'],
    ['/half \ud83d', '/v1/half%20%EF%BF%BD'],
    ['/kept%20as%2Fit', '/v1/kept%20as%2Fit'],
  ])('turns %s into %s', (path, expected) => {
    expect(resolvePath(base, path)).toBe(expected);
  });

  it.each([
    'https://evil.com/x',
    'http://api.example.com/v1',
    'https://api.example.com.evil.com/',
    'https://api.example.com@evil.com/',
    'https://api.example.com:8443/',
    'file:///etc/passwd',
  ])('refuses %s, another origin', (path) => {
    expect(() => resolvePath(base, path)).toThrow(expect.objectContaining({ code: 'provider_request_invalid' }));
  });
});

describe('appendQuery', () => {
  it('repeats lists, leaves out what is not there, and encodes', () => {
    expect(appendQuery('/x', { a: ['1', 2], b: undefined, c: null, d: false, 'e[]': 'ä&' })).toBe(
      '/x?a=1&a=2&d=false&e%5B%5D=%C3%A4%26',
    );
  });

  it('continues a query', () => {
    expect(appendQuery('/x?a=1', { b: 0 })).toBe('/x?a=1&b=0');
    expect(appendQuery('/x', {})).toBe('/x');
  });
});
