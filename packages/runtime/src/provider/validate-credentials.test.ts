import { describe, expect, it } from 'vitest';
import { toActiveCredential } from './active-credential.ts';
import type { Credentials } from './credential.ts';
import { providerSchema, type ProviderInput } from './provider-schema.ts';
import { validateConnectionConfig, validateCredentials } from './validate-credentials.ts';

function createProvider(auth: ProviderInput['auth'], connection: ProviderInput['connection'] = {}) {
  return providerSchema.parse({
    name: 'acme',
    displayName: 'Acme',
    docs: 'https://example.com',
    sources: ['https://example.com'],
    baseUrl: 'https://api.example.com',
    auth,
    connection,
  });
}

const keyProvider = createProvider({
  mode: 'api_key',
  fields: {
    apiKey: { title: 'API key', pattern: 'sk_[a-z]+', example: 'sk_abc', secret: true },
    account: { title: 'Account', optional: true },
    region: { title: 'Region', default: 'eu' },
  },
});

function failure(run: () => unknown): { code?: string; message?: string; details?: { problems: { path: string }[] } } {
  try {
    run();
  } catch (error) {
    return error as ReturnType<typeof failure>;
  }
  throw new Error('Expected a failure.');
}

describe('validateCredentials', () => {
  it('accepts what was declared and fills in defaults', () => {
    expect(validateCredentials(keyProvider, { mode: 'api_key', values: { apiKey: 'sk_abc' } })).toEqual({
      mode: 'api_key',
      values: { apiKey: 'sk_abc', region: 'eu' },
    });
  });

  it('names each field that is missing or unknown', () => {
    const error = failure(() => validateCredentials(keyProvider, { mode: 'api_key', values: { token: 'x' } }));
    expect(error.code).toBe('credentials_invalid');
    expect(error.details?.problems.map(({ path }) => path)).toEqual(['values.apiKey', 'values.token']);
    expect(error.message).toContain('values.apiKey: expected API key');
  });

  it('never shows a value that does not match its pattern', () => {
    const error = failure(() => validateCredentials(keyProvider, { mode: 'api_key', values: { apiKey: 'pk_hidden' } }));
    expect(error.message).toContain('sk_[a-z]+, such as sk_abc');
    expect(JSON.stringify(error) + error.message).not.toContain('pk_hidden');
  });

  it('matches a pattern against the whole value', () => {
    expect(() => validateCredentials(keyProvider, { mode: 'api_key', values: { apiKey: 'sk_abc\nmore' } })).toThrow();
  });

  it('refuses credentials of another mode', () => {
    expect(() => validateCredentials(keyProvider, { mode: 'none' })).toThrow('mode: expected api_key, got none');
  });

  it('checks the halves of basic auth that are declared, and lets the other be empty', () => {
    const provider = createProvider({ mode: 'basic', username: { title: 'API key', pattern: 'sk_.+' } });
    const credentials: Credentials = { mode: 'basic', username: 'sk_1', password: '' };
    expect(validateCredentials(provider, credentials)).toEqual(credentials);
    expect(() => validateCredentials(provider, { ...credentials, username: '' })).toThrow('username: expected API key');
  });
});

describe('validateConnectionConfig', () => {
  it('checks and completes what the customer was asked for', () => {
    const provider = createProvider(
      { mode: 'none' },
      { subdomain: { title: 'Subdomain' }, region: { title: 'Region', default: 'eu' } },
    );
    expect(validateConnectionConfig(provider, { subdomain: 'a' })).toEqual({ subdomain: 'a', region: 'eu' });
    expect(() => validateConnectionConfig(provider, {})).toThrow('config.subdomain: expected Subdomain, got nothing');
  });
});

describe('toActiveCredential', () => {
  it('hands out the fields of each mode', () => {
    expect(toActiveCredential({ mode: 'none' })).toEqual({ mode: 'none', fields: {} });
    expect(toActiveCredential({ mode: 'api_key', values: { apiKey: 'k' } }).fields).toEqual({ apiKey: 'k' });
    expect(toActiveCredential({ mode: 'basic', username: 'u', password: 'p' }).fields).toEqual({
      username: 'u',
      password: 'p',
    });
  });

  it('replaces client credentials by their token', () => {
    const credentials: Credentials = { mode: 'oauth2_client_credentials', clientId: 'id', clientSecret: 'hidden' };
    const active = toActiveCredential(credentials, { accessToken: 'at', expiresAtMs: 5 });
    expect(active).toEqual({ mode: 'oauth2_client_credentials', fields: { accessToken: 'at' }, expiresAtMs: 5 });
    expect(() => toActiveCredential(credentials)).toThrow(expect.objectContaining({ code: 'credentials_invalid' }));
  });
});
