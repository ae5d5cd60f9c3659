import { describe, expect, it } from 'vitest';
import { findExposedSecrets } from './exposed-secrets.ts';
import { providerSchema, type ProviderInput } from './provider-schema.ts';

const client = {
  mode: 'oauth2',
  authorizationUrl: '${connection.url}/oauth/authorize',
  tokenUrl: '${connection.url}/oauth/token',
} as const;
const url = { title: 'Address', pattern: 'https://[A-Za-z0-9.-]+' };

function pathsOf(part: Partial<ProviderInput>): string[] {
  const provider = providerSchema.parse({
    name: 'acme',
    displayName: 'Acme',
    docs: 'https://acme.example/docs',
    sources: ['https://acme.example/docs'],
    auth: client,
    baseUrl: 'https://api.acme.example',
    ...part,
  });
  return findExposedSecrets(provider).map(({ path }) => path.map(String).join('.'));
}

describe('findExposedSecrets', () => {
  it("finds a token endpoint on a customer's host, which would be sent the client secret", () => {
    expect(pathsOf({ connection: { url } })).toEqual(['auth.tokenUrl']);
    const revocationUrl = '${connection.url}/oauth/revoke';
    expect(pathsOf({ auth: { ...client, revocationUrl }, connection: { url: { title: 'Address' } } })).toEqual([
      'auth.tokenUrl',
      'auth.revocationUrl',
    ]);
  });

  it("lets the integration say where it is, and a customer's host be asked by a client without a secret", () => {
    const ofIntegration = { ...client, authorizationUrl: 'https://a.example', tokenUrl: '${integration.url}/token' };
    expect(pathsOf({ auth: ofIntegration, integration: { url } })).toEqual([]);
    expect(pathsOf({ auth: { ...client, clientAuthentication: 'none' }, connection: { url } })).toEqual([]);
  });

  it("lets a customer choose among the vendor's hosts", () => {
    const auth = { ...client, authorizationUrl: 'https://a.example', tokenUrl: 'https://${connection.host}/token' };
    const host = { title: 'Host' };
    expect(pathsOf({ auth, connection: { host } })).toEqual(['auth.tokenUrl']);
    expect(pathsOf({ auth, connection: { host: { ...host, pattern: '[a-z-]+\\.acme\\.example' } } })).toEqual([]);
    expect(pathsOf({ auth, connection: { host: { ...host, options: [{ value: 'eu', title: 'EU' }] } } })).toEqual([]);
    const below = { ...auth, tokenUrl: 'https://${connection.host}.acme.example/token' };
    expect(pathsOf({ auth: below, connection: { host } })).toEqual([]);
    expect(
      pathsOf({ auth: { ...auth, tokenUrl: 'https://${connection.host}:8443/token' }, connection: { host } }),
    ).toEqual(['auth.tokenUrl']);
  });

  it('counts a redirect as the customer, and an answer of the provider not', () => {
    const auth = { ...client, authorizationUrl: 'https://a.example', tokenUrl: 'https://${connection.host}/token' };
    const told = { path: 'host', pattern: '[a-z.]+' };
    expect(pathsOf({ auth: { ...auth, capture: { host: { ...told, from: 'callback' } } } })).toEqual(['auth.tokenUrl']);
    expect(pathsOf({ auth: { ...auth, capture: { host: { ...told, from: 'token' } } } })).toEqual([]);
  });

  it("finds an API on a customer's host whose requests carry a secret of the integration", () => {
    const part = {
      auth: { mode: 'api_key', fields: { apiKey: { title: 'Key', secret: true } } },
      connection: { url },
      integration: { partnerKey: { title: 'Partner key', secret: true } },
      baseUrl: '${connection.url}/api',
    } satisfies Partial<ProviderInput>;
    expect(pathsOf({ ...part, headers: { 'x-api-key': '${credential.apiKey}' } })).toEqual([]);
    expect(pathsOf({ ...part, headers: { 'x-partner': '${integration.partnerKey}' } })).toEqual(['baseUrl']);
  });

  it("finds an MCP server of the customer's, whose authorization server would get the configured client", () => {
    const auth = { mode: 'mcp_oauth', resourceUrl: '${connection.url}' } as const;
    const integration = { clientSecret: { title: 'Client secret', secret: true } };
    expect(pathsOf({ auth, connection: { url } })).toEqual([]);
    expect(pathsOf({ auth, connection: { url }, integration })).toEqual(['auth.resourceUrl']);
  });

  it('finds logins and apps that show their keys there', () => {
    const fields = { apiKey: { title: 'Key', secret: true } };
    const step = { url: '${connection.url}/login', capture: { session: { from: 'body', path: 'session' } } } as const;
    const integration = { partnerKey: { title: 'Partner key', secret: true } };
    const exchange = (body: Record<string, string>) => ({
      auth: { mode: 'token_exchange', fields, steps: [{ ...step, body }], credential: { session: '${step.session}' } },
      connection: { url },
      integration,
    });
    expect(pathsOf(exchange({ key: '${credential.apiKey}' }) as Partial<ProviderInput>)).toEqual([]);
    expect(pathsOf(exchange({ key: '${integration.partnerKey}' }) as Partial<ProviderInput>)).toEqual([
      'auth.steps.0.url',
    ]);
  });
});
