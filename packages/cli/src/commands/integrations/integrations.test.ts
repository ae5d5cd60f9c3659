import type { IntegrationValue } from '@tenon/runtime/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeServer } from '../../testing/fake-server.ts';
import { sampleIntegration } from '../../testing/samples.ts';
import { createTestContext } from '../../testing/test-context.ts';
import { runIntegrationsList } from './run-integrations-list.ts';
import { runIntegrationsShow } from './run-integrations-show.ts';

let server: FakeServer;

const value = (over: Partial<IntegrationValue>): IntegrationValue => ({
  name: 'clientId',
  title: 'Client ID',
  secret: false,
  source: 'code',
  variable: null,
  ...over,
});
const secret = { name: 'clientSecret', title: 'Client secret', secret: true, variable: 'GITHUB_CLIENT_SECRET' };

beforeEach(async () => {
  server = await FakeServer.start();
  server.state.integrations = [
    sampleIntegration({ ready: false, values: [value({}), value({ ...secret, source: 'missing' })] }),
    sampleIntegration({ name: 'desk', authMode: 'api_key', flow: 'form', callbackUrl: null, syncs: ['tickets'] }),
  ];
});
afterEach(() => server.stop());

const createContext = (isJson = false) => createTestContext({ url: server.url, apiKey: server.apiKey, isJson });

describe('tenon integrations', () => {
  it('lists what there is and what is missing', async () => {
    const test = createContext();
    await runIntegrationsList(test, {});
    expect(test.stdout()).toMatch(/github .*lacks GITHUB_CLIENT_SECRET/);
    expect(test.stdout()).toMatch(/desk .*yes/);
  });

  it('shows where each value comes from, the callback URL, and the command that sets what is missing', async () => {
    const test = createContext();
    await runIntegrationsShow(test, 'github', {});
    expect(test.stdout()).toContain('http://127.0.0.1:7400/oauth/callback');
    expect(test.stdout()).toMatch(/clientId +Client ID +tenon\.config\.ts/);
    expect(test.stdout()).toContain('  tenon env set GITHUB_CLIENT_SECRET\n');
    const form = createContext();
    await runIntegrationsShow(form, 'desk', {});
    expect(form.stdout()).not.toContain('callback');
    expect(form.stdout()).toContain('Everything that connecting needs is configured.');
  });

  it('exits with 11 on --check, for one or for all', async () => {
    for (const work of [
      runIntegrationsList(createContext(), { check: true }),
      runIntegrationsShow(createContext(), 'github', { check: true }),
    ]) {
      await expect(work).rejects.toMatchObject({
        exitCode: 11,
        message: 'github lacks GITHUB_CLIENT_SECRET.',
        hint: 'Run `tenon env set GITHUB_CLIENT_SECRET`.',
      });
    }
    await runIntegrationsShow(createContext(), 'desk', { check: true });
  });

  it('prints one document with --json', async () => {
    const test = createContext(true);
    await runIntegrationsShow(test, 'github', {});
    expect(JSON.parse(test.stdout())).toMatchObject({
      integration: { name: 'github' },
      missing: [{ variable: 'GITHUB_CLIENT_SECRET', command: 'tenon env set GITHUB_CLIENT_SECRET' }],
    });
  });

  it('names those that there are when one is not', async () => {
    await expect(runIntegrationsShow(createContext(), 'gitlab', {})).rejects.toMatchObject({
      code: 'not_found',
      hint: 'It has github, desk.',
    });
  });
});
