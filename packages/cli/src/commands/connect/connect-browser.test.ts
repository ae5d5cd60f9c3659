import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestProject, demoProvider } from '../../testing/create-test-project.ts';
import { FakeServer } from '../../testing/fake-server.ts';
import { runBuiltCli } from '../../testing/run-built-cli.ts';
import { sampleConnection, sampleIntegration } from '../../testing/samples.ts';
import { createTestContext, type TestContext } from '../../testing/test-context.ts';
import { runConnect, type ConnectFlags } from './run-connect.ts';

let server: FakeServer;

beforeEach(async () => {
  server = await FakeServer.start();
  server.state.integrations = [sampleIntegration({ name: 'demo', provider: 'demo' })];
});
afterEach(() => server.stop());

const oauthProvider = demoProvider.replace(
  'auth: { mode: none }',
  `auth: { mode: oauth2, authorizationUrl: 'https://example.com/authorize', tokenUrl: 'https://example.com/token' }
connection: { subdomain: { title: Subdomain } }`,
);

async function createContext(options: { isJson?: boolean; outside?: boolean } = {}): Promise<TestContext> {
  const cwd = options.outside ? '/' : (await createTestProject({ 'providers/demo.yaml': oauthProvider })).root;
  return createTestContext({ ...options, cwd, url: server.url, apiKey: server.apiKey });
}

function connect(test: TestContext, flags: Partial<ConnectFlags> = {}): Promise<void> {
  return runConnect(test, 'demo', { connection: 'user1', verify: true, open: false, pollMs: 1, ...flags });
}

/** The customer consents, or something goes wrong, once the session is there. */
function inBrowser(act: (id: string) => void): void {
  const { sessions } = server.state;
  const set = sessions.set.bind(sessions);
  sessions.set = (id, session) => {
    set(id, session);
    act(id);
    return sessions;
  };
}

function consent(id: string): void {
  const connected = [{ integration: 'demo', connection: 'user1' }];
  Object.assign(server.state.sessions.get(id) ?? {}, { connected });
  server.state.connections = [sampleConnection({ integration: 'demo', authMode: 'oauth2' })];
}

const session = () => server.state.sessions.get('1')?.request;

describe('tenon connect, where a customer consents in the browser', () => {
  it('shows the address, waits for the consent and shows the connection', async () => {
    inBrowser(consent);
    const test = await createContext();
    await connect(test);
    expect(test.stdout()).toContain(`${server.url}/connect#session=tcs_1`);
    expect(test.stdout()).toContain('demo/user1 is connected.');
    expect(session()).toEqual({ endUser: { id: 'user1' }, connection: 'user1', integrations: ['demo'] });
  });

  it('hands on what the flags say, and leaves the rest to the page', async () => {
    inBrowser(consent);
    await connect(await createContext(), {
      field: ['subdomain=acme'],
      scopes: ['a', 'b'],
      settings: '{"repos":["x"]}',
      metadata: '{"plan":"pro"}',
    });
    expect(session()?.defaults).toEqual({
      demo: {
        config: { subdomain: 'acme' },
        settings: { repos: ['x'] },
        metadata: { plan: 'pro' },
        scopes: ['a', 'b'],
      },
    });
  });

  it('prints one event a line with --json', async () => {
    inBrowser(consent);
    const test = await createContext({ isJson: true });
    await connect(test);
    expect(test.events()).toMatchObject([
      { type: 'open', url: `${server.url}/connect#session=tcs_1` },
      { type: 'connected', connection: { id: 'user1' } },
    ]);
  });

  it('asks the server how an integration connects where there is no project', async () => {
    inBrowser(consent);
    await connect(await createContext({ outside: true }));
    expect(session()?.integrations).toEqual(['demo']);
  });

  it('refuses a connection that is there, unless it is to be renewed', async () => {
    inBrowser(consent);
    server.state.connections = [sampleConnection({ integration: 'demo' })];
    await expect(connect(await createContext())).rejects.toMatchObject({
      code: 'conflict',
      hint: expect.stringContaining('--reconnect') as string,
    });
    await connect(await createContext(), { reconnect: true });
    expect(session()).toMatchObject({ reconnect: { integration: 'demo', connection: 'user1' } });
    expect(session()).not.toHaveProperty('integrations');
  });

  it('ends with what the attempt failed with', async () => {
    inBrowser((id) =>
      Object.assign(server.state.sessions.get(id) ?? {}, {
        error: { code: 'authorization_denied', message: 'The customer pressed Deny.', requestId: 'r' },
      }),
    );
    await expect(connect(await createContext())).rejects.toMatchObject({ code: 'authorization_denied', exitCode: 13 });
  });

  it('ends when the session has expired', async () => {
    inBrowser((id) => Object.assign(server.state.sessions.get(id) ?? {}, { status: 'expired' }));
    await expect(connect(await createContext())).rejects.toMatchObject({ code: 'authorization_expired' });
  });

  it('takes the session back when it is interrupted', async () => {
    const test = await createContext();
    inBrowser(() => setImmediate(() => test.interrupt()));
    await expect(connect(test)).rejects.toMatchObject({ code: 'interrupted' });
    expect(server.state.sessions.size).toBe(0);
  });

  it('says what has to be set first, and opens nothing', async () => {
    const value = { name: 'clientId', title: 'Client ID', secret: false, source: 'missing' as const };
    server.state.integrations = [
      sampleIntegration({ name: 'demo', ready: false, values: [{ ...value, variable: 'DEMO_CLIENT_ID' }] }),
    ];
    await expect(connect(await createContext())).rejects.toMatchObject({
      code: 'integration_misconfigured',
      message: 'The integration demo lacks DEMO_CLIENT_ID.',
      hint: 'Run `tenon env set DEMO_CLIENT_ID`.',
    });
    server.state.integrations = [];
    await expect(connect(await createContext())).rejects.toMatchObject({ code: 'not_found' });
    expect(server.state.sessions.size).toBe(0);
  });

  it('opens the browser that BROWSER names, as a process', async () => {
    inBrowser(consent);
    const { root } = await createTestProject({ 'providers/demo.yaml': oauthProvider });
    const folder = await mkdtemp(join(tmpdir(), 'tenon-browser-'));
    const browser = join(folder, 'browser');
    const opened = join(folder, 'opened');
    await writeFile(browser, `#!/bin/sh\nprintf %s "$1" > ${opened}.part && mv ${opened}.part ${opened}\n`, {
      mode: 0o755,
    });
    const run = await runBuiltCli(['connect', 'demo', '-c', 'user1'], {
      cwd: root,
      env: { TENON_URL: server.url, TENON_API_KEY: server.apiKey, BROWSER: browser },
    });
    expect(run).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Opened in your browser') as string });
    await expect.poll(() => readFile(opened, 'utf8').catch(() => '')).toBe(`${server.url}/connect#session=tcs_1`);
  });
});
