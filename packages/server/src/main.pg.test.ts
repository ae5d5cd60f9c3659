import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { providerSchema } from '@tenon/runtime/provider';
import {
  goodApiKey,
  startSampleProvider,
  type SampleProviderServer,
} from './credentials/testing/sample-provider-server.ts';
import { hashOf, sampleAction, sampleManifest, sampleSync } from './deployments/testing/sample-manifest.ts';
import { isRunning } from './database/embedded/process-identity.ts';
import { callServer, startServerProcess, type ServerProcess } from './testing/server-process.ts';

let directory: string;
let processes: ServerProcess[];
let provider: SampleProviderServer | undefined;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tenon-main-'));
  processes = [];
});
afterEach(async () => {
  for (const { child, exited } of processes) {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await exited;
  }
  await provider?.close();
  provider = undefined;
  await rm(directory, { recursive: true, force: true });
});

function start(environment?: Record<string, string>): ServerProcess {
  const started = startServerProcess(directory, environment);
  processes.push(started);
  return started;
}

async function startReady(environment?: Record<string, string>): Promise<ServerProcess & { url: string }> {
  const started = start(environment);
  const url = await started.ready;
  if (url === undefined) throw new Error(`The server did not start: ${started.stderr()}`);
  return { ...started, url };
}

async function leftBehind(): Promise<string[]> {
  return (await readdir(directory)).filter((name) => name === 'server.json' || name.endsWith('.lock'));
}

describe('the server process', () => {
  it('says where it is, and leaves nothing running when it is told to stop', async () => {
    const server = await startReady();
    const file = join(directory, 'server.json');
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
      url: server.url,
      pid: server.child.pid,
      version: expect.any(String),
    });
    for (const name of ['server.json', 'api-key', 'encryption-key']) {
      expect((await stat(join(directory, name))).mode & 0o777).toBe(0o600);
    }
    expect(await callServer(directory, server.url, { path: '/v1/whoami' })).toMatchObject({
      status: 200,
      body: { environment: 'dev', activeVersion: 0 },
    });
    const postmaster = Number((await readFile(join(directory, 'postgres/data/postmaster.pid'), 'utf8')).split('\n')[0]);
    expect(process.kill(postmaster, 0)).toBe(true);

    server.child.kill('SIGTERM');
    expect(await server.exited).toBe(0);
    expect(server.stderr()).toBe('');
    expect(server.log().map(({ msg }) => msg)).toEqual(expect.arrayContaining(['ready', 'stopping', 'stopped']));
    expect(await leftBehind()).toEqual([]);
    // Gone, or a zombie that the machine's init has yet to reap.
    expect(isRunning({ pid: postmaster, startedAt: null })).toBe(false);
  });

  it('stops when the process that forked it is gone', async () => {
    const server = await startReady();
    server.child.disconnect();
    expect(await server.exited).toBe(0);
    expect(await leftBehind()).toEqual([]);
  });

  it('can be stopped while it starts', async () => {
    const server = start();
    const isLocked = async () => (await readdir(directory)).some((name) => name.endsWith('.lock'));
    await expect.poll(isLocked, { timeout: 20_000 }).toBe(true);
    server.child.kill('SIGTERM');
    expect(await server.exited).toBe(0);
    expect(await leftBehind()).toEqual([]);
  });

  it('refuses a data directory that another server owns, and leaves that one alone', async () => {
    const first = await startReady();
    const second = start();
    expect(await second.ready).toBeUndefined();
    expect(await second.exited).toBe(14);
    expect(second.stderr()).toMatch(new RegExp(`data_directory_in_use[^]*Stop process ${first.child.pid}`));
    expect(second.log()).toMatchObject([{ level: 60, code: 'data_directory_in_use', hint: expect.any(String) }]);
    expect(await callServer(directory, first.url, { path: '/v1/ready' })).toMatchObject({ status: 200 });
    expect(JSON.parse(await readFile(join(directory, 'server.json'), 'utf8'))).toMatchObject({ url: first.url });
  });

  it('says which port is taken, and leaves nothing running', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => {
      other.listen(0, '127.0.0.1', resolve);
    });
    const { port } = other.address() as AddressInfo;
    const server = start({ TENON_PORT: String(port) });
    expect(await server.exited).toBe(14);
    other.close();
    expect(server.stderr()).toContain(`Port ${port} on 127.0.0.1 is in use by another program. (port_taken)`);
    expect(server.stderr()).not.toMatch(/\bat .*\.js:\d+/);
    expect(await leftBehind()).toEqual([]);
  });

  it.each([
    [{ TENON_PORT: 'http', TENON_LOG_LEVEL: 'loud' }, 'server_config_invalid', /TENON_PORT[^]*TENON_LOG_LEVEL/],
    [{ NODE_ENV: 'production' }, 'encryption_key_missing', /openssl rand/],
  ])('refuses the configuration %o', async (environment, code, text) => {
    const server = start(environment);
    expect(await server.exited).toBe(11);
    expect(server.stderr()).toMatch(text);
    expect(server.log()).toMatchObject([{ level: 60, code }]);
    expect(await readdir(directory)).toEqual([]);
  });
});

const syncCode = `const { defineSync, z } = require('@tenon/runtime');
exports.default = defineSync({
  models: { Issue: z.object({ id: z.string(), title: z.string() }) },
  async run(sync) {
    const { data } = await sync.get('/me');
    await sync.save('Issue', [1, 2, 3].map((n) => ({ id: String(n), title: data.me + n })));
    sync.log.info('saved', { pages: 1 });
  },
});`;

const actionCode = `const { defineAction, z } = require('@tenon/runtime');
exports.default = defineAction({
  input: z.object({ title: z.string() }),
  output: z.object({ id: z.string() }),
  async run(action) {
    if (action.input.title === 'never') await new Promise(() => setInterval(() => undefined, 1000));
    return { id: 'made ' + action.input.title };
  },
});`;

/** Deploys a sync and an action, and connects an account. */
async function deployAndConnect(url: string): Promise<void> {
  provider = await startSampleProvider();
  const manifest = sampleManifest({
    providers: [providerSchema.parse(provider.apiKeyProvider)],
    functions: [
      sampleSync({
        bundle: hashOf(syncCode),
        models: [{ name: 'Issue', schema: { type: 'object', properties: { id: { type: 'string' } } } }],
      }),
      sampleAction({ bundle: hashOf(actionCode) }),
    ],
  });
  for (const text of [syncCode, actionCode]) {
    const path = `/v1/bundles/${hashOf(text)}`;
    expect(await callServer(directory, url, { method: 'PUT', path, text })).toMatchObject({ status: 204 });
  }
  const deployment = { manifest, baseVersion: 0 };
  const deployed = await callServer(directory, url, { method: 'POST', path: '/v1/deployments', body: deployment });
  expect(deployed).toMatchObject({ status: 201, body: { version: 1 } });
  const credentials = { mode: 'api_key', values: { apiKey: goodApiKey } };
  const body = { integration: 'tracker', id: 'user1', credentials };
  const connected = await callServer(directory, url, { method: 'POST', path: '/v1/connections', body });
  expect(connected).toMatchObject({ status: 201 });
}

function readIssues(url: string) {
  return callServer(directory, url, { path: '/v1/connections/tracker/user1/records/Issue' });
}

function createIssue(url: string, title = 'x') {
  const path = '/v1/connections/tracker/user1/actions/create-issue';
  return callServer(directory, url, { method: 'POST', path, body: { input: { title } } });
}

describe('the whole way', () => {
  it('runs a new connection by its schedule, serves its records, answers actions, and knows all of it after a restart', async () => {
    const first = await startReady();
    await deployAndConnect(first.url);
    await expect
      .poll(async () => (await readIssues(first.url)).body, { timeout: 15_000 })
      .toMatchObject({
        items: [{ data: { title: 'you1' } }, { data: { title: 'you2' } }, { data: { title: 'you3' } }],
      });
    expect(await createIssue(first.url)).toMatchObject({ status: 200, body: { output: { id: 'made x' } } });
    await expect
      .poll(async () => (await callServer(directory, first.url, { path: '/v1/runs?function=issues' })).body)
      .toMatchObject({ items: [{ status: 'succeeded', trigger: 'connect', counts: { read: 3, added: 3 } }] });
    expect(await callServer(directory, first.url, { path: '/v1/logs?level=info' })).toMatchObject({
      body: { items: [{ message: 'saved', data: { pages: 1 } }] },
    });
    first.child.kill('SIGTERM');
    expect(await first.exited).toBe(0);

    const second = await startReady();
    expect(await readIssues(second.url)).toMatchObject({ body: { items: [{}, {}, {}] } });
    expect(await createIssue(second.url)).toMatchObject({ status: 200 });
  });

  it('ends at once when it is asked to stop a second time, and the next start finds everything', async () => {
    const first = await startReady();
    await deployAndConnect(first.url);
    const hanging = createIssue(first.url, 'never').catch(() => undefined);
    const isRunning = async () =>
      (await callServer(directory, first.url, { path: '/v1/runs?function=create-issue&status=running' })).body;
    await expect.poll(isRunning, { timeout: 10_000 }).toMatchObject({ items: [{}] });
    first.child.kill('SIGINT');
    await expect.poll(() => first.log().some(({ msg }) => msg === 'stopping')).toBe(true);
    first.child.kill('SIGINT');
    expect(await first.exited).toBe(130);
    await hanging;

    const second = await startReady();
    expect(await createIssue(second.url)).toMatchObject({ status: 200 });
  });

  it('goes on after the server was killed', async () => {
    const first = await startReady();
    await deployAndConnect(first.url);
    first.child.kill('SIGKILL');
    await first.exited;

    const second = await startReady();
    expect(await createIssue(second.url)).toMatchObject({ status: 200 });
    await expect
      .poll(async () => (await readIssues(second.url)).body, { timeout: 15_000 })
      .toMatchObject({
        items: [{}, {}, {}],
      });
    second.child.kill('SIGTERM');
    expect(await second.exited).toBe(0);
  });
});
