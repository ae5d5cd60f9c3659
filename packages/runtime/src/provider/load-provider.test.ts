import { describe, expect, it } from 'vitest';
import { TenonError } from '../errors/tenon-error.ts';
import { loadProvider } from './load-provider.ts';

const valid = `
name: sandbox
displayName: Sandbox
docs: https://example.com/docs
sources: [https://example.com/docs]
auth:
  mode: api_key
  fields:
    apiKey: { title: API key, secret: true }
connection:
  subdomain: { title: Subdomain, pattern: "[a-z]+" }
baseUrl: https://\${connection.subdomain}.example.com
headers:
  x-api-key: \${credential.apiKey}
`;

function loadFailure(text: string): TenonError {
  try {
    loadProvider(text, 'templates/sandbox/provider.yaml');
  } catch (error) {
    if (error instanceof TenonError) return error;
    throw error;
  }
  throw new Error('Expected the provider to be refused.');
}

describe('loadProvider', () => {
  it('reads a file and fills in the defaults', () => {
    const provider = loadProvider(valid, 'x.yaml');
    expect(provider).toMatchObject({
      name: 'sandbox',
      requestTimeoutMs: 60_000,
      retry: { maxAttempts: 5, waitHeaders: ['retry-after'] },
      connection: { subdomain: { optional: false } },
    });
  });

  it('shows every problem at once, with its path, line, what was expected and what is there', () => {
    const error = loadFailure(
      valid.replace('name: sandbox', 'name: Sand Box').replace('mode: api_key', 'mode: oauth9') +
        'requestTimeoutMs: soon\ncolour: red\n',
    );
    expect(error.code).toBe('provider_invalid');
    expect(error.message).toContain('templates/sandbox/provider.yaml');
    expect(error.message).toContain('name (line 2): expected lower-case letters, digits and dashes, got "Sand Box"');
    expect(error.message).toMatch(/auth\.mode \(line 7\): expected .*got "oauth9"/);
    expect(error.message).toContain('requestTimeoutMs (line 15): expected number, got "soon"');
    expect(error.message).toMatch(/file \(line \d+\): expected no key colour/);
    expect(error.details?.['problems']).toHaveLength(4);
  });

  it('names what is missing', () => {
    const error = loadFailure(valid.replace('displayName: Sandbox\n', ''));
    expect(error.message).toContain('displayName (line 2): expected string, got nothing');
  });

  it('tells broken YAML with its line', () => {
    const error = loadFailure(`${valid}broken: [1, 2\n`);
    expect(error.code).toBe('provider_invalid');
    expect(error.message).toMatch(/file \(line 1[56]\): expected valid YAML/);
  });

  it('refuses an empty file and a list', () => {
    expect(loadFailure('').message).toContain('expected object, got nothing');
    expect(loadFailure('- 1').message).toContain('expected object, got a list');
  });

  it('refuses a placeholder that can never be filled, and lists those that can', () => {
    const error = loadFailure(valid.replace('credential.apiKey', 'credential.token'));
    expect(error.message).toContain('headers.x-api-key (line 14)');
    expect(error.message).toContain('among connection.subdomain, credential.apiKey, got ${credential.token}');
  });

  it('refuses a placeholder of an unknown form', () => {
    expect(loadFailure(valid.replace('credential.apiKey', 'apiKey')).message).toContain('got ${apiKey}');
  });

  it("refuses to send the developer's secret where a customer says", () => {
    const auth = `auth:
  mode: oauth2
  authorizationUrl: https://example.com/authorize
  tokenUrl: https://\${connection.subdomain}/token
connection:
  subdomain: { title: Host }
`;
    const text = valid
      .replace(/auth:[^]*connection:\n.*\n/, auth)
      .replace('credential.apiKey', 'credential.accessToken');
    expect(loadFailure(text).message).toContain('auth.tokenUrl (line 9): expected no host that a customer chooses');
  });

  it('refuses an app whose installation nobody has to prove', () => {
    const auth = `auth:
  mode: app
  installUrl: https://example.com/install
  tokenUrl: https://example.com/installations/\${connection.installationId}/tokens
  assertion: { algorithm: RS256, key: '\${integration.privateKey}', lifetimeSeconds: 60 }
  capture: { installationId: { from: callback, path: installation_id, pattern: '\\d+' } }
integration:
  privateKey: { title: Private key, secret: true }
connection:
`;
    const text = valid.replace(/auth:[^]*connection:\n/, auth).replace('credential.apiKey', 'credential.accessToken');
    expect(loadFailure(text).message).toContain('auth.capture.installationId (line 11): expected auth.ownership');
  });

  it('refuses a pattern that is no regular expression', () => {
    expect(loadFailure(valid.replace('[a-z]+', '[a-z')).message).toContain('expected a regular expression, got [a-z');
  });

  it('lets only the token request of client credentials see the client secret', () => {
    const oauth = valid
      .replace(
        /auth:[^]*?connection:/,
        'auth:\n  mode: oauth2_client_credentials\n  tokenUrl: https://example.com/token\nconnection:',
      )
      .replace('credential.apiKey', 'credential.clientSecret');
    expect(loadFailure(oauth).message).toContain('got ${credential.clientSecret}');
    expect(loadProvider(oauth.replace('credential.clientSecret', 'credential.accessToken'), 'x').auth.mode).toBe(
      'oauth2_client_credentials',
    );
  });
});
