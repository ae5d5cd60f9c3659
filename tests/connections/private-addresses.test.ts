import path from 'node:path';
import type { ConnectAttempt, ConnectionTest, Page, Run, WebhookDelivery } from '@tenon/runtime/contract';
import type { ProviderInput } from '@tenon/runtime/provider';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { beginConnecting, comeBack } from '../harness/connect-customer.ts';
import { startLocalServer, type Incoming, type LocalServer, type Outgoing } from '../harness/local-server.ts';
import { startServerCluster, type ServerCluster } from '../harness/server-cluster.ts';
import type { TenonServer } from '../harness/start-tenon-server.ts';
import { waitUntil } from '../harness/wait-until.ts';

/**
 * A server that may not go to private addresses (TENON_ALLOW_PRIVATE_ADDRESSES=false), on an Internet where some hosts
 * are private and some lead there. `inner` is the service beside it that nobody may reach through it.
 */
let inner: LocalServer;
let outer: LocalServer;
let cluster: ServerCluster;
let server: TenonServer;

const publicAddress = '93.184.216.34';
const privateAddresses = ['10.0.0.7', '169.254.169.254'];
const hosts = {
  'public.example.com': [[publicAddress]],
  'private.example.com': [['10.0.0.7']],
  'both.example.com': [[publicAddress, '10.0.0.7']],
  // Public when it is looked at, private when it is used.
  'rebinding.example.com': [[publicAddress], ['169.254.169.254']],
};

const secretField = { title: 'A secret', secret: true };
const key = { mode: 'api_key', values: { apiKey: 'key-1' } };
const client = { mode: 'oauth2_client_credentials', clientId: 'id', clientSecret: 'secret' };
const base = 'http://${connection.host}/${connection.prefix}';

/** By the name of the integration. Customers name the hosts: what a provider declares is the developer's own. */
const providers: Record<string, Pick<ProviderInput, 'auth'> & Partial<ProviderInput>> = {
  verified: { auth: { mode: 'api_key', fields: { apiKey: secretField } } },
  client: { auth: { mode: 'oauth2_client_credentials', tokenUrl: `${base}/token` } },
  captured: {
    auth: {
      mode: 'oauth2_client_credentials',
      tokenUrl: 'http://public.example.com/token',
      capture: { account: { from: 'request', url: `${base}/me`, path: 'account' } },
    },
    verification: { baseUrl: 'http://public.example.com', path: '/me' },
  },
  revoked: {
    auth: {
      mode: 'oauth2_client_credentials',
      tokenUrl: 'http://public.example.com/token',
      revocationUrl: `${base}/revoke`,
    },
    verification: { baseUrl: 'http://public.example.com', path: '/me' },
  },
  exchanged: {
    auth: {
      mode: 'token_exchange',
      fields: { apiKey: secretField },
      steps: [{ url: `${base}/login`, body: { key: '${credential.apiKey}' } }],
      credential: { accessToken: '${credential.apiKey}' },
    },
  },
  asserted: {
    auth: {
      mode: 'oauth2_jwt_bearer',
      fields: { apiKey: secretField },
      tokenUrl: `${base}/token`,
      assertion: { algorithm: 'HS256', key: '${credential.apiKey}' },
    },
  },
  signed: {
    auth: {
      mode: 'oauth1',
      requestTokenUrl: `${base}/request`,
      authorizationUrl: 'http://public.example.com/authorize',
      accessTokenUrl: `${base}/access`,
      consumerKey: 'key',
      consumerSecret: 'secret',
    },
  },
  consented: {
    auth: {
      mode: 'oauth2',
      authorizationUrl: 'http://public.example.com/authorize',
      tokenUrl: `${base}/token`,
      clientAuthentication: 'none',
    },
  },
  discovered: { auth: { mode: 'mcp_oauth', resourceUrl: `${base}/mcp` } },
};

/** What a public machine answers that would like the server to go elsewhere. */
function answerOutside({ path: asked, headers }: Incoming): Outgoing {
  const base = `http://${headers['host']}`;
  const closing = { connection: 'close' };
  if (asked.startsWith('/redirect')) {
    return { status: 307, headers: { ...closing, location: 'http://private.example.com/' } };
  }
  const metadata = (name: string): Outgoing => ({
    status: 401,
    headers: { ...closing, 'www-authenticate': `Bearer resource_metadata="${name}"` },
  });
  switch (asked) {
    case '/names-metadata/mcp':
      return metadata('http://private.example.com/metadata');
    case '/names-server/mcp':
    case '/names-token/mcp':
    case '/names-registration/mcp':
      return metadata(`${base}${asked}/metadata`);
    case '/names-server/mcp/metadata':
      return {
        headers: closing,
        body: { resource: `${base}/names-server/mcp`, authorization_servers: ['http://private.example.com'] },
      };
    case '/names-token/mcp/metadata':
    case '/names-registration/mcp/metadata': {
      const resource = base + asked.replace('/metadata', '');
      return { headers: closing, body: { resource, authorization_servers: [resource] } };
    }
    case '/token':
      return { headers: closing, body: { access_token: 'token-1', token_type: 'Bearer', expires_in: 3_600 } };
    default: {
      if (!asked.includes('/.well-known/')) return { headers: closing, body: { me: 'you' } };
      return { headers: closing, body: describeServer(base, asked) };
    }
  }
}

/** RFC 8414, of an issuer whose endpoints are elsewhere. */
function describeServer(base: string, asked: string): object {
  const issuer = base + asked.replace(/\/\.well-known\/[\w-]+/, '');
  const isToken = asked.includes('names-token');
  return {
    issuer,
    authorization_endpoint: `${base}/authorize`,
    token_endpoint: isToken ? 'http://private.example.com/token' : `${base}/token`,
    registration_endpoint: isToken ? `${base}/register` : 'http://private.example.com/register',
    response_types_supported: ['code'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['none'],
  };
}

const syncItems = `import { defineSync, z } from '@tenon/runtime';
export default defineSync({
  models: { Item: z.object({ id: z.string() }) },
  async run(sync) {
    await sync.get('/items');
  },
});
`;

beforeAll(async () => {
  inner = await startLocalServer(() => ({ body: { access_token: 'inner', account: 'inner' } }));
  outer = await startLocalServer((request) =>
    request.path === '/register'
      ? {
          status: 201,
          headers: { connection: 'close' },
          body: { client_id: 'registered', token_endpoint_auth_method: 'none' },
        }
      : answerOutside(request),
  );
  const machines = [...privateAddresses.map((address) => [address, inner.port]), [publicAddress, outer.port]];
  cluster = await startServerCluster(1, {
    TENON_ALLOW_PRIVATE_ADDRESSES: 'false',
    TENON_VAR_CONSENTED_CLIENT_ID: 'id',
    TENON_VAR_SIGNED_CLIENT_ID: 'id',
    TENON_VAR_SIGNED_CLIENT_SECRET: 'secret',
    NODE_OPTIONS: `--require ${path.resolve(import.meta.dirname, '../harness/pretend-internet.cjs')}`,
    PRETEND_HOSTS: JSON.stringify(hosts),
    PRETEND_MACHINES: JSON.stringify(Object.fromEntries(machines)),
  });
  const [only] = cluster.servers;
  if (!only) throw new Error('There is no server.');
  server = only;
  await cluster.deploy({
    providers: Object.entries(providers).map(([name, provider]) => ({
      name,
      displayName: name,
      docs: 'https://provider.example/docs',
      sources: ['https://provider.example/docs/auth'],
      connection: { host: { title: 'Host' }, prefix: { title: 'Path', default: 'api' } },
      baseUrl: base,
      verification: { path: '/me' },
      retry: { maxAttempts: 1 },
      ...provider,
    })),
    config: `{ integrations: ${JSON.stringify(Object.fromEntries(Object.keys(providers).map((name) => [name, {}])))} }`,
    files: {
      'integrations/verified/syncs/request.ts': syncItems,
    },
  });
}, 120_000);
afterAll(async () => {
  await cluster.stop();
  await outer.close();
  await inner.close();
});
let user = 0;
let reached = 0;
beforeEach(() => {
  user += 1;
  reached = inner.requests.length;
});

const name = () => `user${user}`;
const untouched = () => expect(inner.requests.slice(reached)).toEqual([]);

async function connect(
  integration: string,
  options: { host: string; prefix?: string; credentials: object; verify?: boolean },
) {
  const { host, prefix = 'api', ...rest } = options;
  return server.call<{ error?: { code: string } }>('POST', '/v1/connections', {
    integration,
    id: name(),
    config: { host, prefix },
    ...rest,
  });
}

describe('a form that a customer filled in', () => {
  const values = (mode: string) => ({ mode, values: { apiKey: 'key-1'.repeat(8) } });

  test.each<[string, string, object, string]>([
    ['the verification request', 'verified', key, 'private.example.com'],
    ['the verification request, at an address', 'verified', key, '10.0.0.7'],
    ['the verification request, at an address within another', 'verified', key, '[::ffff:169.254.169.254]'],
    ['the verification request, at a number', 'verified', key, '0xa9fea9fe'],
    ['the verification request, at a host with two addresses', 'verified', key, 'both.example.com'],
    ['the token endpoint', 'client', client, 'private.example.com'],
    ['the token endpoint of an assertion', 'asserted', values('oauth2_jwt_bearer'), 'private.example.com'],
    ['an exchange of credentials', 'exchanged', values('token_exchange'), 'private.example.com'],
    ['a request that captures', 'captured', client, 'private.example.com'],
  ])('does not lead %s to a private address', async (_what, integration, credentials, host) => {
    const answer = await connect(integration, { host, credentials });
    expect(answer.body.error?.code, JSON.stringify(answer.body)).toMatch(
      /provider_address_refused|interpolation_failed/,
    );
    untouched();
  });

  test.each<[string, string, object]>([
    ['the verification request', 'verified', key],
    ['the token endpoint', 'client', client],
    ['a request that captures', 'captured', client],
    ['an exchange of credentials', 'exchanged', values('token_exchange')],
  ])('does not lead %s there by a redirect', async (_what, integration, credentials) => {
    const answer = await connect(integration, { host: 'public.example.com', prefix: 'redirect', credentials });
    expect(answer.status, JSON.stringify(answer.body)).toBeGreaterThanOrEqual(400);
    untouched();
    expect(outer.requests.at(-1)?.path).toMatch(/^\/redirect/);
  });

  test('does not lead the server there by a DNS that changes its mind', async () => {
    const host = 'rebinding.example.com';
    const made = await connect('verified', { host, credentials: key });
    expect(made, JSON.stringify(made.body)).toMatchObject({ status: 201 });
    const tested = await server.call<ConnectionTest>('POST', `/v1/connections/verified/${name()}/test`);
    expect(tested.body).toMatchObject({ ok: false, problem: { code: 'provider_address_refused' } });
    untouched();
  });

  test('does not lead the end of its token there', async () => {
    const made = await connect('revoked', { host: 'private.example.com', credentials: client });
    expect(made, JSON.stringify(made.body)).toMatchObject({ status: 201 });
    expect(await server.call('DELETE', `/v1/connections/revoked/${name()}`)).toMatchObject({ status: 204 });
    untouched();
  });
});

describe('a customer who goes to a provider', () => {
  test.each([
    ['a request token', 'signed', 'private.example.com', 'api'],
    ['an MCP server', 'discovered', 'private.example.com', 'api'],
    ['the metadata that an MCP server names', 'discovered', 'public.example.com', 'names-metadata'],
    ['the authorization server that its metadata names', 'discovered', 'public.example.com', 'names-server'],
    ['the registration that an authorization server names', 'discovered', 'public.example.com', 'names-registration'],
  ])('does not lead the server to %s', async (_what, integration, host, prefix) => {
    const wanted = { integration, user: name(), config: { host, prefix } };
    await expect(beginConnecting(server, wanted)).rejects.toThrow(/integration_misconfigured|provider_|credentials/);
    untouched();
  });

  test.each([
    ['a token endpoint', 'consented', 'private.example.com', 'api'],
    ['the token endpoint that an authorization server names', 'discovered', 'public.example.com', 'names-token'],
  ])('does not bring it to %s', async (_what, integration, host, prefix) => {
    const begun = await beginConnecting(server, { integration, user: name(), config: { host, prefix } });
    const state = new URL(begun.attempt.url ?? '').searchParams.get('state') ?? '';
    const page = await comeBack(server.url, begun, { code: 'code-1', state });
    expect(page.text).toContain('Not connected');
    const answer = await fetch(`${server.url}/v1/connect/attempts/${begun.attempt.id}`, {
      headers: { authorization: `Bearer ${begun.session.token}` },
    });
    expect((await answer.json()) as ConnectAttempt).toMatchObject({ status: 'failed', connected: null });
    untouched();
  });
});

// What a script opens by itself, SECURITY.md leaves to whoever writes it.
describe('a script', () => {
  test.each([
    ['an address', '127.0.0.1'],
    ['a name', 'localhost'],
  ])('does not reach its base URL by %s of this machine', async (_what, host) => {
    await connect('verified', { host: `${host}:${inner.port}`, credentials: key, verify: false });
    const route = `/v1/connections/verified/${name()}/syncs/request/trigger`;
    await server.call('POST', route, {});
    const run = await waitUntil('the run has ended', async () => {
      const { body } = await server.call<Page<Run>>('GET', `/v1/runs?connection=${name()}&limit=1`);
      return body.items[0]?.finishedAt ? body.items[0] : undefined;
    });
    expect(run.status).not.toBe('succeeded');
    expect(JSON.stringify(run.error)).toMatch(/provider_address_refused|private network/);
    untouched();
  });
});

describe('a webhook', () => {
  test.each([
    ['a private host', 'http://private.example.com/hook'],
    ['a private address', 'http://10.0.0.7/hook'],
    ['a redirect', 'http://public.example.com/redirect'],
  ])('is not delivered to %s', async (_what, url) => {
    const made = await server.call<{ id: string }>('POST', '/v1/webhooks/endpoints', { url });
    expect(made, JSON.stringify(made.body)).toMatchObject({ status: 201 });
    await connect('verified', { host: 'public.example.com', credentials: key });
    const route = `/v1/webhooks/deliveries?endpointId=${made.body.id}&limit=1`;
    const delivery = await waitUntil('the delivery was tried', async () => {
      const { body } = await server.call<Page<WebhookDelivery>>('GET', route);
      return body.items[0]?.lastError ? body.items[0] : undefined;
    });
    expect(JSON.stringify(delivery)).toMatch(/private network|answered 307/);
    untouched();
    await server.call('DELETE', `/v1/webhooks/endpoints/${made.body.id}`);
  });
});
