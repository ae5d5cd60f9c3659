import { startIdentityProvider, testClient, type IdentityProvider } from '@tenon/test-identity';
import { createServer } from 'node:net';
import type { Connection, ConnectSession } from '@tenon/runtime/contract';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowser, type TestBrowser } from '../browser/start-browser.ts';
import { startSandboxProject, type SandboxProject } from '../harness/sandbox-project.ts';

let browser: TestBrowser | undefined;
let world: SandboxProject;
let identity: IdentityProvider;

async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}

beforeAll(async () => {
  // The provider has to know the server's address, and the server that of the provider.
  const port = await findFreePort();
  identity = await startIdentityProvider({
    clients: [{ ...testClient, redirect_uris: [`http://127.0.0.1:${port}/oauth/callback`] }],
    pkceRequired: true,
  });
  [browser, world] = await Promise.all([
    startBrowser(),
    startSandboxProject({
      serverEnv: { TENON_PORT: String(port), TENON_VAR_IDENTITY_SECRET: testClient.client_secret },
      files: {
        'providers/identity.yaml': `name: identity
displayName: Identity
categories: [testing]
docs: ${identity.issuer}
sources:
  - ${identity.issuer}
auth:
  mode: oauth2
  authorizationUrl: ${identity.authorizationUrl}
  tokenUrl: ${identity.tokenUrl}
  scopes: [openid, offline_access, read]
  authorizationParameters:
    prompt: consent
baseUrl: ${identity.issuer}
verification:
  path: /me
`,
        'tenon.config.ts': `import { defineConfig, variable } from '@tenon/runtime';
export default defineConfig({
  integrations: {
    sandbox: { provider: 'sandbox' },
    identity: { values: { clientId: '${testClient.client_id}', clientSecret: variable('IDENTITY_SECRET') } },
  },
  connect: { theme: { appName: 'Acme', accentColor: '#0a7d55' }, languages: { de: { connectNow: 'Jetzt verbinden' } } },
});
`,
        'integrations/sandbox/syncs/issues.ts': `import { defineSync } from '@tenon/runtime';
import { z } from 'zod';
export default defineSync({
  models: { Issue: z.object({ id: z.string() }) },
  schedule: 'every 1h',
  settings: z.object({ projects: z.array(z.string()).min(1) }),
  async run() {},
});
`,
      },
    }),
  ]);
  await world.deploy();
}, 120_000);
afterAll(async () => {
  await browser?.stop();
  await world?.stop();
  await identity?.close();
});

async function createSession(request: object = {}): Promise<ConnectSession> {
  const payload = { endUser: { id: 'user1', displayName: 'Uma' }, ...request };
  const { status, body } = await world.server.call<ConnectSession>('POST', '/v1/connect/sessions', payload);
  expect([status, body]).toEqual([201, expect.anything()]);
  return body;
}

test('a customer connects and reconnects an account on the page of a real server', async () => {
  const context = await browser?.visit();
  if (!context) throw new Error('There is no browser.');
  const page = await context.newPage();
  const refused: string[] = [];
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) refused.push(message.text());
  });
  await page.goto((await createSession({ integrations: ['sandbox'] })).url);
  await page.getByRole('heading', { name: 'Connect Sandbox' }).waitFor();
  await page.getByText('Acme would like to use your Sandbox account.').waitFor();
  await page.getByLabel('Address').fill(world.sandbox.url);
  await page.getByLabel('API key', { exact: true }).fill('wrong');
  await page.getByLabel('Projects, entry 1').fill('web');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.getByRole('alert').getByText('Sandbox did not accept this').waitFor();
  await page.getByLabel('API key', { exact: true }).fill('sandbox-key');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.getByRole('heading', { name: 'Sandbox is connected' }).waitFor();
  const read = (): Promise<{ body: Connection }> => world.server.call('GET', '/v1/connections/sandbox/user1');
  expect((await read()).body).toMatchObject({
    state: 'active',
    settings: { projects: ['web'] },
    endUser: { id: 'user1', displayName: 'Uma' },
  });

  const reconnect = { integration: 'sandbox', connection: 'user1' };
  await page.goto('about:blank');
  await page.goto((await createSession({ reconnect, language: 'de' })).url);
  await page.getByRole('heading', { name: 'Sandbox neu verbinden' }).waitFor();
  await page.getByLabel('Address').fill(world.sandbox.url);
  await page.getByLabel('API key', { exact: true }).fill('sandbox-key');
  await page.getByLabel('Projects, Eintrag 1').fill('api');
  await page.getByRole('button', { name: 'Jetzt verbinden' }).click();
  await page.getByRole('heading', { name: 'Sandbox ist verbunden' }).waitFor();
  expect((await read()).body.settings).toEqual({ projects: ['api'] });

  await page.goto('about:blank');
  await page.goto(`${world.server.url}/connect#session=tcs_unknown`);
  await page.getByRole('heading', { name: 'This page has expired' }).waitFor();
  expect(refused).toEqual([]);
}, 60_000);

test('a customer signs in at a real provider in a window, and the page hears of it', async () => {
  const context = await browser?.visit();
  if (!context) throw new Error('There is no browser.');
  const page = await context.newPage();
  await page.goto((await createSession({ integrations: ['identity'], connection: 'uma' })).url);
  const start = async (): Promise<Page> => {
    const [popup] = await Promise.all([
      page.waitForEvent('popup'),
      page.getByRole('button', { name: 'Continue to Identity' }).click(),
    ]);
    await popup.getByPlaceholder('Enter any login').waitFor();
    return popup;
  };
  const refusing = await start();
  await refusing.getByRole('link', { name: 'Cancel' }).click();
  await page.getByRole('alert').getByText('You did not agree').waitFor();
  const popup = await start();
  await popup.getByPlaceholder('Enter any login').fill('uma');
  await popup.getByPlaceholder('and password').fill('secret');
  await popup.getByRole('button', { name: 'Sign-in' }).click();
  await popup.getByRole('button', { name: 'Continue' }).click({ noWaitAfter: true });
  await page.getByRole('heading', { name: 'Identity is connected' }).waitFor();
  await expect.poll(() => popup.isClosed()).toBe(true);
  const { body } = await world.server.call<Connection>('GET', '/v1/connections/identity/uma');
  expect(body).toMatchObject({ state: 'active', authMode: 'oauth2', endUser: { id: 'user1' } });
}, 60_000);
