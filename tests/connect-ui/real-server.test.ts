import type { Connection, ConnectSession } from '@tenon/runtime/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowser, type TestBrowser } from '../browser/start-browser.ts';
import { startSandboxProject, type SandboxProject } from '../harness/sandbox-project.ts';

let browser: TestBrowser | undefined;
let world: SandboxProject;

beforeAll(async () => {
  [browser, world] = await Promise.all([
    startBrowser(),
    startSandboxProject({
      files: {
        'tenon.config.ts': `import { defineConfig } from '@tenon/runtime';
export default defineConfig({
  integrations: { sandbox: { provider: 'sandbox' } },
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
  await page.goto((await createSession()).url);
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
