import { expect, it } from 'vitest';
import { findProxy } from './find-proxy.ts';

const proxies = { HTTPS_PROXY: 'http://proxy:1', http_proxy: 'http://proxy:2' };

it.each([
  ['https://a.example', proxies, 'HTTPS_PROXY'],
  ['http://a.example', proxies, 'HTTP_PROXY'],
  ['https://a.example', { ALL_PROXY: 'http://p:1' }, 'ALL_PROXY'],
  ['https://a.example', { ...proxies, NO_PROXY: 'b.example, .example' }, undefined],
  ['https://a.example', { ...proxies, NO_PROXY: 'le' }, 'HTTPS_PROXY'],
  ['https://a.example', { ...proxies, no_proxy: '*' }, undefined],
  ['http://127.0.0.1:4600', proxies, undefined],
  ['https://a.example', { HTTPS_PROXY: '' }, undefined],
])('between here and %s, with %j, stands %s', (url, variables, expected) => {
  expect(findProxy(url, variables)?.name).toBe(expected);
});
