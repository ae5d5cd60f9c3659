import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { consentInBrowser } from './harness/customer-browser.ts';
import { runCliHere } from '../packages/cli/src/testing/run-cli-here.ts';
import { cliPath } from './harness/run-cli.ts';
import { startSandboxProject, type SandboxProject } from './harness/sandbox-project.ts';

let world: SandboxProject;

beforeAll(async () => {
  world = await startSandboxProject({
    serverEnv: { TENON_VAR_CLIENT_SECRET: 'sandbox-secret' },
    files: {
      'tenon.config.ts': `import { defineConfig, variable } from '@tenon/runtime';
export default defineConfig({
  integrations: {
    crm: {
      provider: 'sandbox-oauth',
      values: { clientId: 'sandbox-client', clientSecret: variable('CLIENT_SECRET') },
    },
    unset: { provider: 'sandbox-oauth' },
  },
});
`,
    },
  });
  await world.deploy();
}, 120_000);
afterAll(() => world.stop());

const env = () => ({ TENON_URL: world.server.url, TENON_API_KEY: world.server.apiKey });
const tenon = (...parts: string[]) => runCliHere([...parts, '--json'], { cwd: world.project.root, env: env() });

/** Runs `tenon connect` and acts as soon as it has shown its link. */
async function connect(parts: string[], act: (link: string, kill: () => void) => Promise<void> | void) {
  const child = spawn(process.execPath, [cliPath, 'connect', 'crm', '--no-open', '--json', ...parts], {
    cwd: world.project.root,
    env: { ...process.env, ...env() },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  for await (const line of createInterface(child.stdout)) {
    lines.push(line);
    if (lines.length === 1 && line.includes('"open"')) {
      const { url } = JSON.parse(line) as { url: string };
      await act(url, () => child.kill('SIGINT'));
    }
  }
  return { exitCode: await exit, output: lines.join('\n') };
}

const allow = (link: string) =>
  consentInBrowser(link, { integration: 'crm', config: { baseUrl: world.sandbox.url }, decision: 'allow' });
const deny = (link: string) =>
  consentInBrowser(link, { integration: 'crm', config: { baseUrl: world.sandbox.url }, decision: 'deny' });

it('connects an account in the browser, and keeps it alive from the command line', { timeout: 60_000 }, async () => {
  const connected = await connect(['--connection', 'acme'], allow);
  expect(connected).toMatchObject({ exitCode: 0, output: expect.stringContaining('"connected"') as string });

  expect(await tenon('connections', 'test', 'crm/acme')).toMatchObject({ exitCode: 0 });
  const refreshed = await tenon('connections', 'refresh', 'crm/acme');
  expect(refreshed.exitCode, refreshed.stdout).toBe(0);
  expect(JSON.parse(refreshed.stdout)).toMatchObject({
    connection: { id: 'acme', state: 'active', scopes: ['issues:read', 'issues:write', 'contacts:read'] },
  });

  await world.control('revoke-tokens', {});
  const refused = await tenon('connections', 'refresh', 'crm/acme');
  expect(refused.exitCode, refused.stdout).toBe(13);
  const listed = await tenon('connections', 'list', '--problems');
  expect(JSON.parse(listed.stdout)).toMatchObject({
    items: [{ id: 'acme', state: 'auth_failed', problem: { class: 'revoked' } }],
  });

  const again = await connect(['--connection', 'acme', '--reconnect'], allow);
  expect(again.exitCode, again.output).toBe(0);
  expect(await tenon('connections', 'test', 'crm/acme')).toMatchObject({ exitCode: 0 });
});

it('says that the customer denied, and leaves nothing behind when interrupted', { timeout: 60_000 }, async () => {
  const denied = await connect(['--connection', 'denied'], deny);
  expect(denied).toMatchObject({ exitCode: 13, output: expect.stringContaining('authorization_denied') as string });
  let left = '';
  const interrupted = await connect(['--connection', 'gone'], (link, kill) => {
    left = link;
    kill();
  });
  expect(interrupted.exitCode).toBe(130);
  await expect(allow(left)).rejects.toThrow('connect_session_invalid');
});

it('imports the tokens of another system, which are used as they are', { timeout: 60_000 }, async () => {
  await connect(['--connection', 'source'], allow);
  const wrong = ['crm', 'moved', 'made-up', world.sandbox.url];
  await world.project.write('all.csv', `integration,connection,accessToken,config.baseUrl\n${wrong.join(',')}\n`);
  const refused = await tenon('connections', 'import', '--file', 'all.csv');
  expect(refused.exitCode, refused.stdout).toBe(11);
  expect(refused.stdout).not.toContain('made-up');
  const unverified = await tenon('connections', 'import', '--file', 'all.csv', '--no-verify');
  expect(JSON.parse(unverified.stdout)).toMatchObject({ imported: 1, failed: 0 });
  const again = await tenon('connections', 'import', '--file', 'all.csv');
  expect(JSON.parse(again.stdout)).toMatchObject({ imported: 0, skipped: 1 });
});

it('knows which integration lacks what', async () => {
  const checked = await tenon('integrations', '--check');
  expect(checked.exitCode).toBe(11);
  expect(JSON.parse(checked.stdout)).toMatchObject({
    error: { details: { lacking: [{ integration: 'unset', missing: [{ variable: 'UNSET_CLIENT_ID' }, {}] }] } },
  });
  expect(await tenon('integrations', 'show', 'crm', '--check')).toMatchObject({ exitCode: 0 });
});
