import {
  defaultRedirectUri,
  startHostileProxy,
  startIdentityProvider,
  testClient,
  type IdentityProvider,
  type IdentityProviderOptions,
} from '@tenon/test-identity';
import { Agent } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { providerSchema } from '../../provider/provider-schema.ts';
import type { LocalApi } from '../../testing/local-api.ts';
import { beginAuthorization } from '../begin-authorization.ts';
import { completeAuthorization } from '../complete-authorization.ts';
import { renewToken } from '../renew-token.ts';
import { revokeToken } from '../revoke-token.ts';
import { startMcpServer, type McpServerOptions } from '../testing/start-mcp-server.ts';
import type { AuthorizationEnd, TokenContext } from '../token-context.ts';

const open: { close(): Promise<unknown> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

const state = 'state-0123456789abcdef';

interface Started {
  readonly identity: IdentityProvider;
  readonly server: LocalApi & { readonly resource: string };
  readonly context: TokenContext;
  consent(): Promise<AuthorizationEnd>;
  callTools(token: string): Promise<number>;
}

async function start(
  options: {
    server?: Partial<McpServerOptions>;
    identity?: Partial<IdentityProviderOptions>;
    scopes?: string[];
    integration?: Record<string, string>;
  } = {},
): Promise<Started> {
  const started: { identity?: IdentityProvider } = {};
  const server = await startMcpServer({
    authorizationServer: () => started.identity?.issuer ?? '',
    async accepts(token) {
      const found = await started.identity?.findAccessToken(token);
      return found?.audience === server.resource;
    },
    ...options.server,
  });
  const identity = await startIdentityProvider({
    registration: true,
    pkceRequired: true,
    resources: [server.resource],
    ...options.identity,
  });
  started.identity = identity;
  const dispatcher = new Agent();
  open.push(server, identity, { close: () => dispatcher.destroy() });
  const provider = providerSchema.parse({
    name: 'acme-mcp',
    displayName: 'Acme',
    docs: 'https://example.com',
    sources: ['https://example.com'],
    auth: { mode: 'mcp_oauth', resourceUrl: '${connection.server}', scopes: options.scopes },
    connection: { server: { title: 'Server' } },
    baseUrl: '${connection.server}',
  });
  const context: TokenContext = {
    provider,
    integration: options.integration ?? {},
    config: { server: server.resource },
    dispatcher,
    signal: new AbortController().signal,
  };
  return {
    identity,
    server,
    context,
    async consent() {
      const redirectUri = defaultRedirectUri;
      const { url, pending } = await beginAuthorization({ ...context, redirectUri, state });
      const callback = await identity.consent(url, { account: 'ada' });
      return { ...context, redirectUri, state, pending, callback };
    },
    async callTools(token) {
      const body = JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/list' });
      const answer = await fetch(server.resource, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body,
      });
      return answer.status;
    },
  };
}

const failure = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no error',
    (error: unknown) => error,
  );

describe('an authorization for an MCP server', () => {
  it.each<[string, Parameters<typeof start>[0]]>([
    ['names its metadata', {}],
    ['publishes its metadata at the path of the resource', { server: { namesMetadata: false } }],
    [
      'publishes its metadata at the root',
      { server: { namesMetadata: false, metadataPath: '/.well-known/oauth-protected-resource' } },
    ],
    ['lets refresh tokens rotate', { identity: { rotation: true } }],
    ['gives refresh tokens for offline_access', { identity: { offlineAccessOnly: true } }],
  ])('registers a client, gets, renews and revokes tokens of one that %s', async (_kind, options) => {
    const { consent, callTools, context, server } = await start(options);
    const { token, captured } = await completeAuthorization(await consent());
    expect(captured).toEqual({});
    expect(token.registration).toMatchObject({ clientAuthentication: 'none', resource: server.resource });
    expect(token.scopes).toContain('read');
    expect(await callTools(token.accessToken)).toBe(200);
    const request = { ...context, credentials: { mode: 'mcp_oauth' } as const };
    const renewed = await renewToken({ ...request, token });
    expect(renewed.accessToken).not.toBe(token.accessToken);
    expect(renewed.registration).toEqual(token.registration);
    expect(await callTools(renewed.accessToken)).toBe(200);
    await revokeToken({ ...request, token: renewed });
    expect(await failure(renewToken({ ...request, token: renewed }))).toMatchObject({ code: 'provider_unauthorized' });
  });

  it.each([
    ['what the developer wants', { scopes: ['write'] }, 'write offline_access'],
    ['what the challenge asks for', { server: { scope: 'read write' } }, 'read write offline_access'],
    ['what the server supports', {}, 'read offline_access'],
  ])('asks for %s', async (_kind, options, scope) => {
    const { context, server } = await start(options);
    const { url } = await beginAuthorization({ ...context, redirectUri: defaultRedirectUri, state });
    expect(Object.fromEntries(new URL(url).searchParams)).toMatchObject({
      scope,
      prompt: 'consent',
      resource: server.resource,
      state,
      code_challenge_method: 'S256',
    });
  });

  it('uses the client of the integration where there is one', async () => {
    const integration = { clientId: testClient.client_id, clientSecret: testClient.client_secret };
    const { consent, context } = await start({ identity: { registration: false }, integration });
    const { token } = await completeAuthorization(await consent());
    expect(token.registration).toMatchObject({ clientId: testClient.client_id, clientAuthentication: 'basic' });
    expect(JSON.stringify(token)).not.toContain(testClient.client_secret);
    const renewed = await renewToken({ ...context, credentials: { mode: 'mcp_oauth' }, token });
    expect(renewed.accessToken).not.toBe(token.accessToken);
  });

  it('tells the developer where clients cannot register themselves', async () => {
    const { context } = await start({ identity: { registration: false } });
    const begun = beginAuthorization({ ...context, redirectUri: defaultRedirectUri, state });
    expect(await failure(begun)).toMatchObject({ code: 'integration_misconfigured' });
  });

  it.each<[string, Partial<McpServerOptions>, RegExp]>([
    ['is of another resource', { metadata: { resource: 'https://other.example/mcp' } }, /another resource/],
    ['has no resource', { metadata: { resource: 7 } }, /RFC 9728/],
    ['names a script', { metadata: { authorization_servers: ['javascript:alert(1)'] } }, /RFC 9728/],
  ])('refuses metadata that %s', async (_kind, server, message) => {
    const { context } = await start({ server });
    const begun = beginAuthorization({ ...context, redirectUri: defaultRedirectUri, state });
    expect(await failure(begun)).toMatchObject({
      code: 'provider_answer_invalid',
      message: expect.stringMatching(message),
    });
  });

  it.each<[string, (metadata: Record<string, unknown>) => Record<string, unknown>, RegExp]>([
    ['is of another issuer', (metadata) => metadata, /issuer/],
    ['declares no PKCE', ({ code_challenge_methods_supported: _none, ...rest }) => rest, /PKCE/],
    ['has no token endpoint', ({ token_endpoint: _none, ...rest }) => rest, /endpoint/],
  ])('refuses an authorization server whose metadata %s', async (kind, change, message) => {
    const proxied: { url?: string } = {};
    const { context, identity } = await start({ server: { authorizationServer: () => proxied.url ?? '' } });
    const proxy = await startHostileProxy(identity.issuer, async (_request, pass) => {
      const answer = await pass();
      if (answer.status !== 200) return answer;
      const issuer = kind === 'is of another issuer' ? identity.issuer : proxy.url;
      return { ...answer, body: JSON.stringify(change({ ...(JSON.parse(answer.body) as object), issuer })) };
    });
    open.push(proxy);
    proxied.url = proxy.url;
    const begun = beginAuthorization({ ...context, redirectUri: defaultRedirectUri, state });
    expect(await failure(begun)).toMatchObject({
      code: 'provider_answer_invalid',
      message: expect.stringMatching(message),
    });
  });

  it.each([
    ['another issuer', { iss: 'https://evil.example' }],
    ['no issuer where the server always names itself', { iss: '' }],
    ['another state', { state: 'other' }],
  ])('refuses a redirect with %s', async (_kind, change) => {
    const { consent } = await start();
    const end = await consent();
    const completed = completeAuthorization({ ...end, callback: { ...end.callback, ...change } });
    expect(await failure(completed)).toMatchObject({ code: 'authorization_invalid' });
  });

  it('names the resource in every request for tokens', async () => {
    const { consent, context, identity, server } = await start();
    const proxy = await startHostileProxy(identity.issuer);
    open.push(proxy);
    const end = await consent();
    const mcp = (end.pending['mcp'] ?? '').replaceAll(identity.tokenUrl, `${proxy.url}/token`);
    const { token } = await completeAuthorization({ ...end, pending: { ...end.pending, mcp } });
    await renewToken({ ...context, credentials: { mode: 'mcp_oauth' }, token });
    const asked = proxy.requests.map(({ body }) => Object.fromEntries(new URLSearchParams(body)));
    expect(asked).toMatchObject([
      { grant_type: 'authorization_code', resource: server.resource },
      { grant_type: 'refresh_token', resource: server.resource },
    ]);
  });

  it('has the customer connect again when the registered client is gone', async () => {
    const { consent, context } = await start();
    const { token } = await completeAuthorization(await consent());
    const registration = token.registration && { ...token.registration, clientId: 'forgotten' };
    const renewed = renewToken({
      ...context,
      credentials: { mode: 'mcp_oauth' },
      token: { ...token, ...(registration && { registration }) },
    });
    expect(await failure(renewed)).toMatchObject({ code: 'provider_unauthorized' });
  });
});
