import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestProject, demoProvider } from '../../testing/create-test-project.ts';
import { FakeServer, refuse } from '../../testing/fake-server.ts';
import { sampleConnection } from '../../testing/samples.ts';
import { createTestContext } from '../../testing/test-context.ts';
import { runConnectionsDelete } from '../connections/run-connections-delete.ts';
import { runConnectionsList } from '../connections/run-connections-list.ts';
import { runConnectionsShow } from '../connections/run-connections-show.ts';
import { runWhoami } from '../whoami/run-whoami.ts';
import { runConnect, type ConnectFlags } from './run-connect.ts';

let server: FakeServer;

beforeEach(async () => {
  server = await FakeServer.start();
});
afterEach(() => server.stop());

const apiKeyProvider = demoProvider.replace(
  'auth: { mode: none }',
  `auth: { mode: api_key, fields: { token: { title: Token, secret: true } } }
connection: { subdomain: { title: Subdomain }, region: { title: Region, default: eu }, note: { title: Note, optional: true } }`,
);

async function connect(provider: string | undefined, flags: Partial<ConnectFlags>, variables = {}) {
  const cwd = provider === undefined ? '/' : (await createTestProject({ 'providers/demo.yaml': provider })).root;
  const test = createTestContext({ cwd, url: server.url, apiKey: server.apiKey, variables });
  await runConnect(test, 'demo', { connection: 'user1', verify: true, ...flags });
  return test;
}

const sent = () => JSON.parse(server.requests.at(-1)?.body ?? '{}') as Record<string, unknown>;

describe('tenon connect', () => {
  it("gives the key the provider's name for it, and fills in defaults", async () => {
    const test = await connect(apiKeyProvider, { apiKey: 's3cret', field: ['subdomain=acme=x'] });
    expect(sent()).toEqual({
      integration: 'demo',
      id: 'user1',
      credentials: { mode: 'api_key', values: { token: 's3cret' } },
      config: { subdomain: 'acme=x', region: 'eu' },
      settings: {},
      metadata: {},
      verify: true,
    });
    expect(test.stdout() + test.stderr()).not.toContain('s3cret');
    expect(test.stdout()).toContain('demo/user1 is connected');
  });

  it('reads secrets from stdin and from the environment', async () => {
    await connect(apiKeyProvider, { apiKey: '-', field: ['subdomain=a'], readStdin: async () => 'from-stdin\n' });
    expect(sent()['credentials']).toEqual({ mode: 'api_key', values: { token: 'from-stdin' } });
    server.state.connections = [];
    await connect(apiKeyProvider, { apiKey: 'env:DEMO', field: ['subdomain=a'] }, { DEMO: 'from-env' });
    expect(sent()['credentials']).toEqual({ mode: 'api_key', values: { token: 'from-env' } });
    await expect(connect(apiKeyProvider, { apiKey: 'env:NOPE' })).rejects.toMatchObject({ code: 'usage_invalid' });
    await expect(connect(apiKeyProvider, { apiKey: '-', readStdin: async () => '' })).rejects.toMatchObject({
      code: 'usage_invalid',
    });
  });

  it('names every value that is missing where nobody can be asked', async () => {
    await expect(connect(apiKeyProvider, {})).rejects.toMatchObject({
      code: 'input_needed',
      message: 'The connection needs --api-key, --field subdomain=....',
    });
    expect(server.requests).toEqual([]);
  });

  it.each<[string, string, Partial<ConnectFlags>, object]>([
    [
      'basic',
      'auth: { mode: basic }',
      { username: 'u', password: 'p' },
      { mode: 'basic', username: 'u', password: 'p' },
    ],
    [
      'client credentials',
      'auth: { mode: oauth2_client_credentials, tokenUrl: "https://example.com/token" }',
      { clientId: 'i', clientSecret: 's' },
      { mode: 'oauth2_client_credentials', clientId: 'i', clientSecret: 's' },
    ],
    ['none', 'auth: { mode: none }', {}, { mode: 'none' }],
  ])('builds the credentials of %s, in a project and outside one', async (_, auth, flags, credentials) => {
    await connect(demoProvider.replace('auth: { mode: none }', auth), flags);
    expect(sent()['credentials']).toEqual(credentials);
    server.state.connections = [];
    await connect(undefined, flags);
    expect(sent()['credentials']).toEqual(credentials);
  });

  it('reads long values from a file, and leaves an @ in others alone', async () => {
    const provider = demoProvider.replace(
      'auth: { mode: none }',
      `auth:
  mode: jwt
  fields:
    keyId: { title: Key }
    privateKey: { title: Private key, secret: true, multiline: true }
  token: { algorithm: ES256, key: '\${credential.privateKey}' }`,
    );
    const { root } = await createTestProject({ 'providers/demo.yaml': provider, 'key.pem': 'line 1\nline 2\n' });
    const test = createTestContext({ cwd: root, url: server.url, apiKey: server.apiKey });
    const flags = { connection: 'user1', verify: true };
    await runConnect(test, 'demo', { ...flags, field: ['keyId=@7', 'privateKey=@key.pem'] });
    expect(sent()['credentials']).toEqual({
      mode: 'jwt',
      values: { keyId: '@7', privateKey: 'line 1\nline 2\n' },
    });
    await expect(runConnect(test, 'demo', { ...flags, field: ['keyId=1'] })).rejects.toMatchObject({
      message: 'The connection needs --field privateKey=@<file>.',
    });
    const missing = { ...flags, field: ['keyId=1', 'privateKey=@nowhere.pem'] };
    await expect(runConnect(test, 'demo', missing)).rejects.toMatchObject({ code: 'usage_invalid' });
  });

  it("asks for no client where it is the integration's", async () => {
    const auth =
      'auth: { mode: oauth2_client_credentials, client: integration, tokenUrl: "https://example.com/token" }';
    await connect(demoProvider.replace('auth: { mode: none }', auth), {});
    expect(sent()['credentials']).toEqual({ mode: 'oauth2_client_credentials' });
  });

  it('replaces the credentials of a connection that is there with --reconnect', async () => {
    server.state.connections = [sampleConnection({ integration: 'demo', state: 'auth_failed' })];
    await connect(apiKeyProvider, { apiKey: 'second', field: ['subdomain=a'], reconnect: true });
    expect(server.requests.at(-1)?.method).toBe('PATCH');
    expect(sent()).toEqual({ credentials: { mode: 'api_key', values: { token: 'second' } }, verify: true });
    expect(server.state.connections[0]?.state).toBe('active');
  });

  it('sends settings and metadata, and whether to verify', async () => {
    await connect(demoProvider, { settings: '{"repos":["a"]}', metadata: '{"plan":"pro"}', verify: false });
    expect(sent()).toMatchObject({ settings: { repos: ['a'] }, metadata: { plan: 'pro' }, verify: false });
    await expect(connect(demoProvider, { settings: '[]' })).rejects.toMatchObject({ code: 'usage_invalid' });
  });

  it('refuses values that the provider does not ask for, and integrations that are not there', async () => {
    await expect(connect(demoProvider, { field: ['colour=red'] })).rejects.toMatchObject({
      code: 'usage_invalid',
      message: expect.stringContaining('colour') as string,
    });
    const { root } = await createTestProject();
    const test = createTestContext({ cwd: root, url: server.url, apiKey: server.apiKey });
    await expect(runConnect(test, 'gitlab', { connection: 'u', verify: true })).rejects.toMatchObject({
      code: 'usage_invalid',
      hint: 'It has demo.',
    });
  });

  it('does not repeat a secret that was written in the wrong place', async () => {
    const error = await connect(demoProvider, { field: ['s3cret-without-name'] }).catch((thrown: unknown) => thrown);
    expect(JSON.stringify([String(error), error])).not.toContain('s3cret');
  });

  it('passes on that the credentials were refused', async () => {
    server.answerNext('POST', refuse(424, 'provider_unauthorized', 'The provider refused them.'));
    await expect(connect(demoProvider, {})).rejects.toMatchObject({ code: 'provider_unauthorized', exitCode: 13 });
  });
});

describe('tenon connections', () => {
  const context = (isJson = false) => createTestContext({ url: server.url, apiKey: server.apiKey, isJson });

  it('lists, shows and deletes', async () => {
    server.state.connections = [sampleConnection(), sampleConnection({ id: 'user2', state: 'auth_failed' })];
    const test = context();
    await runConnectionsList(test, {});
    expect(test.stdout()).toMatch(/github\/user1\s+api_key\s+active/);
    await runConnectionsShow(test, 'github/user2', {});
    expect(test.stdout()).toContain('auth_failed');
    await expect(runConnectionsDelete(test, 'github/user1', {})).rejects.toMatchObject({ code: 'input_needed' });
    await runConnectionsDelete(test, 'github/user1', { yes: true });
    expect(server.state.connections.map(({ id }) => id)).toEqual(['user2']);
    await expect(runConnectionsDelete(test, 'github/user1', { yes: true })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('lists only those of an integration, over all pages', async () => {
    const many = Array.from({ length: 1_500 }, (_, index) => sampleConnection({ id: `u${index}` }));
    server.state.connections = [...many, sampleConnection({ integration: 'slack', id: 's' })];
    const test = context(true);
    await runConnectionsList(test, { integration: 'slack' });
    expect(JSON.parse(test.stdout())).toMatchObject({ items: [{ integration: 'slack', id: 's' }] });
  });
});

describe('tenon whoami', () => {
  it('says where the server and the key were found', async () => {
    const test = createTestContext({ url: server.url, apiKey: server.apiKey });
    await runWhoami(test, {});
    expect(test.stdout()).toContain('from TENON_URL');
    expect(test.stdout()).toContain('from TENON_API_KEY');
    expect(test.stdout()).toContain('nothing deployed');
    expect(test.stdout()).not.toContain(server.apiKey);
  });

  it('ends as an auth error with a wrong key', async () => {
    const test = createTestContext({ url: server.url, apiKey: 'wrong' });
    await expect(runWhoami(test, {})).rejects.toMatchObject({ code: 'unauthorized', exitCode: 13 });
  });
});
