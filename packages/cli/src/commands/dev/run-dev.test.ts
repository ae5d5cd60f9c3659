import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { noImpact } from '@tenon/runtime/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestProject, syncText } from '../../testing/create-test-project.ts';
import { FakeServer } from '../../testing/fake-server.ts';
import { sampleIntegration, sampleSync } from '../../testing/samples.ts';
import { createTestContext } from '../../testing/test-context.ts';
import type { KeySource } from '../../watch/read-keys.ts';
import { runDev } from './run-dev.ts';

/**
 * Stands in for the server's process: says that it is ready at the test's server, and ends when it is asked to. What it
 * needs for that is in its text, since variables are what `tenon dev` changes.
 */
const programFor = ({ url, apiKey }: FakeServer) => `
import { mkdirSync, writeFileSync, existsSync } from 'node:fs';
const folder = process.env.TENON_DATA_DIRECTORY;
mkdirSync(folder, { recursive: true });
writeFileSync(folder + '/environment.json', JSON.stringify(process.env));
if (process.env.FAKE_FAILURE) {
  process.send({ type: 'failed', error: { code: 'port_taken', message: 'Port 1 is in use.', hint: 'Take another.' } });
  process.exitCode = 14;
  process.disconnect();
} else if (process.env.FAKE_CRASH) {
  console.error('no database at all');
  process.exit(3);
} else {
  writeFileSync(folder + '/pid', String(process.pid));
  writeFileSync(folder + '/api-key', ${JSON.stringify(apiKey)});
  process.on('SIGTERM', () => { writeFileSync(folder + '/stopped', ''); process.exit(0); });
  setInterval(() => { if (existsSync(folder + '/die')) { console.error('out of memory'); process.exit(9); } }, 10);
  process.send({ type: 'ready', url: ${JSON.stringify(url)} });
}
`;

class Keyboard implements KeySource {
  readonly isTTY = true;
  isRaw = false;
  #listener: ((bytes: string) => void) | undefined;
  setRawMode(raw: boolean) {
    this.isRaw = raw;
  }
  resume() {}
  pause() {}
  on(_event: 'data', listener: (bytes: string) => void) {
    this.#listener = listener;
  }
  off() {
    this.#listener = undefined;
  }
  press(key: string) {
    this.#listener?.(key);
  }
}

let server: FakeServer;

beforeEach(async () => {
  server = await FakeServer.start();
  server.state.syncs = [sampleSync()];
  server.state.plan.changes = [
    {
      action: 'create',
      kind: 'sync',
      integration: 'demo',
      name: 'issues',
      class: 'safe',
      reasons: ['new'],
      impact: noImpact,
    },
  ];
});
afterEach(() => server.stop());

async function prepare(variables: Record<string, string> = {}) {
  const project = await createTestProject({
    'server.mjs': programFor(server),
    'integrations/demo/syncs/issues.ts': syncText(),
  });
  const test = createTestContext({
    cwd: join(project.root, 'integrations'),
    isInteractive: true,
    variables: { PATH: process.env['PATH'], ...variables },
  });
  const keys = new Keyboard();
  const flags = { port: 4_601, program: join(project.root, 'server.mjs'), keys };
  const data = (name: string) => readFile(join(project.root, '.tenon', name), 'utf8');
  return { project, test, keys, data, dev: () => runDev(test, flags) };
}

describe('tenon dev', () => {
  it('starts the server for the project, deploys, deploys a save, and stops what it started with q', async () => {
    server.state.integrations = [sampleIntegration({ name: 'demo' })];
    const { project, test, keys, data, dev } = await prepare({ TENON_API_KEY: 'of-another-server' });
    const running = dev();
    await expect.poll(() => test.stdout(), { timeout: 20_000 }).toContain('live in');
    expect(keys.isRaw).toBe(true);
    const environment = JSON.parse(await data('environment.json')) as Record<string, string>;
    expect(environment).toMatchObject({ TENON_DATA_DIRECTORY: join(project.root, '.tenon'), TENON_PORT: '4601' });
    expect(environment).not.toHaveProperty('TENON_API_KEY');
    await project.write({ 'integrations/demo/syncs/issues.ts': `${syncText()}\nexport const changed = 1;\n` });
    await expect.poll(() => server.state.deployments.length, { timeout: 20_000 }).toBe(2);
    await expect.poll(() => test.stdout()).toContain('http://127.0.0.1:7400/oauth/callback');
    keys.press('r');
    await expect.poll(() => test.stdout(), { timeout: 10_000 }).toContain('Running github/issues user1');
    keys.press('q');
    await running;
    expect(keys.isRaw).toBe(false);
    expect(await data('stopped')).toBe('');
  });

  it('stops what it started when it is interrupted', async () => {
    const { test, data, dev } = await prepare();
    const running = dev();
    await expect.poll(() => test.stdout(), { timeout: 20_000 }).toContain('tenon dev');
    test.interrupt();
    await running.catch(() => {});
    expect(await data('stopped')).toBe('');
  });

  it('uses the server that runs already, and leaves it running', async () => {
    const { project, test, keys, data, dev } = await prepare();
    await project.write({
      '.tenon/server.json': JSON.stringify({ url: server.url, pid: process.pid, version: '0.1.0' }),
      '.tenon/api-key': server.apiKey,
    });
    const running = dev();
    await expect.poll(() => test.stdout(), { timeout: 20_000 }).toContain('live in');
    expect(test.stdout()).toContain('already running');
    keys.press('\u0003');
    await running;
    await expect(data('environment.json')).rejects.toThrow('ENOENT');
  });

  it('passes on why the server did not start', async () => {
    const refused = await prepare({ FAKE_FAILURE: '1' });
    await expect(refused.dev()).rejects.toMatchObject({ code: 'port_taken', hint: 'Take another.' });
    const crashed = await prepare({ FAKE_CRASH: '1' });
    await expect(crashed.dev()).rejects.toMatchObject({
      code: 'server_unreachable',
      message: expect.stringContaining('no database at all') as string,
    });
  });

  it('starts the server again when it was killed, and goes on', async () => {
    const { project, test, keys, data, dev } = await prepare();
    const running = dev();
    await expect.poll(() => test.stdout(), { timeout: 20_000 }).toContain('live in');
    process.kill(Number(await data('pid')), 'SIGKILL');
    await expect.poll(() => test.stdout(), { timeout: 20_000 }).toContain('The server ended: SIGKILL.');
    await expect.poll(() => test.stdout(), { timeout: 20_000 }).toContain('The server runs again');
    await project.write({ 'integrations/demo/syncs/issues.ts': `${syncText()}\nexport const changed = 1;\n` });
    await expect.poll(() => server.state.deployments.length, { timeout: 20_000 }).toBe(2);
    keys.press('q');
    await running;
    expect(await data('stopped')).toBe('');
  });

  it('gives the server what .env says, when it changes and when it goes', async () => {
    const { project, test, keys, data, dev } = await prepare();
    const variable = async () => (JSON.parse(await data('environment.json')) as Record<string, string>)['TENON_VAR_X'];
    const running = dev();
    await expect.poll(() => test.stdout(), { timeout: 20_000 }).toContain('live in');
    await project.write({ '.env': 'TENON_VAR_X=one\nPATH=/nowhere\n' });
    await expect.poll(variable, { timeout: 20_000 }).toBe('one');
    await expect.poll(() => test.stdout(), { timeout: 20_000 }).toContain('The server runs again');
    await rm(join(project.root, '.env'));
    await expect.poll(variable, { timeout: 20_000 }).toBeUndefined();
    keys.press('q');
    await running;
  });

  it('waits for a config that was removed, and goes on when it is back', async () => {
    const { project, test, keys, dev } = await prepare();
    const config = await readFile(join(project.root, 'tenon.config.ts'), 'utf8');
    const running = dev();
    await expect.poll(() => test.stdout(), { timeout: 20_000 }).toContain('live in');
    await rm(join(project.root, 'tenon.config.ts'));
    await expect.poll(() => test.stdout(), { timeout: 20_000 }).toContain('version 1 runs on');
    await project.write({
      'tenon.config.ts': config,
      'integrations/demo/syncs/issues.ts': `${syncText()}\nexport const changed = 1;\n`,
    });
    await expect.poll(() => server.state.deployments.length, { timeout: 20_000 }).toBe(2);
    keys.press('q');
    await running;
  });

  it('ends with what the server said last when it ends by itself', async () => {
    const { project, test, keys, dev } = await prepare();
    const running = dev();
    const ended = expect(running).rejects.toMatchObject({
      code: 'server_unreachable',
      message: expect.stringContaining('out of memory') as string,
    });
    await expect.poll(() => test.stdout(), { timeout: 20_000 }).toContain('tenon dev');
    await project.write({ '.tenon/die': '' });
    await ended;
    expect(keys.isRaw).toBe(false);
  });
});
