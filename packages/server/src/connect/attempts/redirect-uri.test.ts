import { expect, it } from 'vitest';
import { sampleProvider } from '../../deployments/testing/sample-manifest.ts';
import { redirectUriOf } from './redirect-uri.ts';

const options = { publicUrl: 'https://tenon.example.com/base', state: 'abc_-1' };

it('is one address for all, as it is registered with providers', () => {
  const provider = sampleProvider({
    auth: { mode: 'oauth2', authorizationUrl: 'https://x.example/a', tokenUrl: 'https://x.example/t' },
    headers: {},
  });
  expect(redirectUriOf(provider, options)).toBe('https://tenon.example.com/base/oauth/callback');
});

it('carries the state where the protocol has none', () => {
  const provider = sampleProvider({
    auth: {
      mode: 'oauth1',
      requestTokenUrl: 'https://x.example/r',
      authorizationUrl: 'https://x.example/a',
      accessTokenUrl: 'https://x.example/t',
    },
    headers: {},
  });
  expect(redirectUriOf(provider, options)).toBe('https://tenon.example.com/base/oauth/callback?state=abc_-1');
});
