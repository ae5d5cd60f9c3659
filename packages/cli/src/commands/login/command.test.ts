import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { expect, it, onTestFinished } from 'vitest';
import { FakeServer } from '../../testing/fake-server.ts';
import { sampleTime } from '../../testing/samples.ts';
import { createTestContext } from '../../testing/test-context.ts';
import { configureLogin } from './command.ts';

it('hears the flags of approve that login has too', async () => {
  const server = await FakeServer.start();
  try {
    const login = {
      userCode: 'BCDF-GHJK',
      hostName: 'laptop',
      address: '127.0.0.1',
      requestedAt: sampleTime,
      expiresAt: sampleTime,
      environment: 'dev',
      requestedScopes: ['records:read', 'audit:read'],
      grantedScopes: ['records:read', 'audit:read'],
      keyExpiresAt: sampleTime,
    };
    server.answerNext('GET /v1/device/logins/BCDF-GHJK$', { status: 200, body: login });
    server.answerNext('POST /v1/device/logins/BCDF-GHJK/approve$', { status: 200, body: login });
    const program = new Command('tenon');
    configureLogin(program.command('login'), async () =>
      createTestContext({ url: server.url, apiKey: server.apiKey, variables: { TENON_KEYRING: 'off' } }),
    );
    await program.parseAsync(['login', 'approve', 'BCDF-GHJK', '--yes', '--scopes', 'records:read'], { from: 'user' });
    const approval = server.requests.find(({ method }) => method === 'POST');
    expect(JSON.parse(approval?.body ?? '')).toEqual({ scopes: ['records:read'] });
  } finally {
    await server.stop();
  }
});

it('takes the address as an argument or, as other commands do, by --url', async () => {
  const server = await FakeServer.start();
  const home = await mkdtemp(join(tmpdir(), 'tenon-login-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  try {
    for (const place of [[server.url], ['--url', server.url]]) {
      const program = new Command('tenon');
      const variables = { TENON_KEYRING: 'off', XDG_CONFIG_HOME: home, KEY: server.apiKey };
      const context = createTestContext({ cwd: home, variables });
      configureLogin(program.command('login'), async () => context);
      await program.parseAsync(['login', ...place, '--token', 'env:KEY'], { from: 'user' });
      expect(context.stdout()).toContain(`Logged in to ${server.url}`);
    }
  } finally {
    await server.stop();
  }
});
