import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openProfileStore } from '../../profiles/profile-store.ts';
import { FakeServer, refuse } from '../../testing/fake-server.ts';
import { sampleTime } from '../../testing/samples.ts';
import { createTestContext } from '../../testing/test-context.ts';
import { runLogout } from '../logout/run-logout.ts';
import { runWhoami } from '../whoami/run-whoami.ts';
import { runWhoamiAll } from '../whoami/run-whoami-all.ts';
import { runLogin } from './run-login.ts';
import { runLoginApprove } from './run-login-approve.ts';

let server: FakeServer;
let home: string;

beforeEach(async () => {
  server = await FakeServer.start();
  home = await mkdtemp(join(tmpdir(), 'tenon-login-'));
});
afterEach(async () => {
  await server.stop();
  await rm(home, { recursive: true, force: true });
});

const variables = () => ({ XDG_CONFIG_HOME: home, TENON_KEYRING: 'off' });
const context = (options: Parameters<typeof createTestContext>[0] = {}) =>
  createTestContext({ ...options, variables: { ...variables(), ...options.variables } });
const handOver = (key: string, more: { profile?: string; isJson?: boolean } = {}) => {
  const test = context({ isJson: more.isJson ?? false });
  const flags = { url: server.url, token: '-', profile: more.profile };
  return runLogin(test, flags, { readStdin: async () => `${key}\n` }).then(() => test);
};
const requestsOf = (path: string) => server.requests.filter(({ url }) => url.startsWith(path));

const started = (more: Record<string, unknown> = {}) => ({
  status: 201,
  body: {
    deviceCode: 'tdc_secret',
    userCode: 'BCDF-GHJK',
    verificationUrl: `${server.url}/device`,
    verificationUrlComplete: `${server.url}/device#BCDF-GHJK`,
    expiresInSeconds: 600,
    intervalSeconds: 0,
    ...more,
  },
});
const collected = () => ({
  status: 201,
  body: {
    id: 7,
    name: 'tenon login on x',
    prefix: 'tenon_te',
    scopes: ['records:read'],
    createdAt: sampleTime,
    expiresAt: null,
    revokedAt: null,
    lastUsedAt: null,
    key: server.apiKey,
    environment: 'dev',
  },
});

describe('tenon login --token', () => {
  it('takes a key from stdin, tries it, and keeps it where no output shows it', async () => {
    const test = await handOver(server.apiKey);
    expect(test.stdout()).toContain(`Logged in to ${server.url}, environment dev.`);
    expect(test.stdout() + test.stderr()).not.toContain(server.apiKey);
    const [profile] = await openProfileStore(variables()).list();
    expect(profile).toMatchObject({
      name: new URL(server.url).host.replace(':', '-'),
      origin: 'token',
      keptIn: 'file',
    });
    const whoami = context();
    await runWhoami(whoami, {});
    expect(whoami.stdout()).toContain(`profile      ${profile?.name}`);
  });

  it('keeps nothing when the server refuses the key', async () => {
    await expect(handOver('wrong')).rejects.toMatchObject({ code: 'unauthorized' });
    expect(await openProfileStore(variables()).list()).toEqual([]);
  });

  it('refuses an empty stdin, and a key in the arguments', async () => {
    await expect(handOver('')).rejects.toMatchObject({ code: 'usage_invalid' });
    const spoken = runLogin(context(), { url: server.url, token: 'tnn_secret' });
    await expect(spoken).rejects.toMatchObject({ code: 'usage_invalid' });
    expect(server.requests).toEqual([]);
  });
});

describe('tenon login by a code', () => {
  it('does not wait where there is no terminal, and says what to do', async () => {
    await expect(runLogin(context(), { url: server.url })).rejects.toMatchObject({
      code: 'input_needed',
      hint: expect.stringContaining('--token -') as string,
    });
    await expect(runLogin(context(), {})).rejects.toMatchObject({ code: 'input_needed' });
    expect(server.requests).toEqual([]);
  });

  it('shows the code, waits through pending answers and a restart, and keeps the key', async () => {
    server.answerNext('POST /v1/device/authorization', started());
    server.answerNext(
      'POST /v1/device/token',
      refuse(400, 'login_pending', 'Not yet.'),
      refuse(503, 'unavailable', 'Starting.'),
      collected(),
    );
    const test = context({ isJson: true });
    await runLogin(test, {
      url: server.url,
      device: true,
      scopes: ['records:read'],
      expiresInDays: 30,
      profile: 'work',
    });
    expect(test.stdout()).toContain('"userCode":"BCDF-GHJK"');
    expect(JSON.parse(requestsOf('/v1/device/authorization')[0]?.body ?? '')).toEqual({
      hostName: hostname().slice(0, 80),
      scopes: ['records:read'],
      expiresInDays: 30,
    });
    for (const { headers } of requestsOf('/v1/device')) expect(headers.authorization).toBeUndefined();
    expect(await openProfileStore(variables()).find('work')).toMatchObject({ origin: 'login' });
    expect(await readFile(join(home, 'tenon', 'credentials.json'), 'utf8')).toContain(server.apiKey);
  });

  it.each(['login_denied', 'login_expired'] as const)('ends when it is told %s', async (code) => {
    server.answerNext('POST /v1/device/authorization', started());
    server.answerNext('POST /v1/device/token', refuse(code === 'login_denied' ? 403 : 410, code, 'No.'));
    await expect(runLogin(context(), { url: server.url, device: true })).rejects.toMatchObject({ code, exitCode: 13 });
  });

  it('gives up when its time is over, and ends at once when it is interrupted', async () => {
    server.answerNext(
      'POST /v1/device/authorization',
      started({ expiresInSeconds: 0 }),
      started({ intervalSeconds: 60 }),
    );
    const late = runLogin(context(), { url: server.url, device: true });
    await expect(late).rejects.toMatchObject({ code: 'login_expired' });
    const test = context();
    const waiting = runLogin(test, { url: server.url, device: true });
    while (!test.stdout().includes('BCDF-GHJK')) await new Promise((resolve) => setImmediate(resolve));
    test.interrupt();
    await expect(waiting).rejects.toMatchObject({ code: 'interrupted' });
  });

  it('says so when the server is too old', async () => {
    server.answerNext('POST /v1/device/authorization', refuse(404, 'not_found', 'No such route.'));
    await expect(runLogin(context(), { url: server.url, device: true })).rejects.toMatchObject({
      code: 'not_found',
      hint: expect.stringContaining('--token -') as string,
    });
  });

  it.each(['localhost:4600', 'ftp://a.example', 'https://user@a.example'])('refuses the address %s', async (url) => {
    await expect(runLogin(context(), { url, device: true })).rejects.toMatchObject({ code: 'usage_invalid' });
  });
});

describe('tenon login approve', () => {
  const login = {
    userCode: 'BCDF-GHJK',
    hostName: 'ada-laptop',
    address: '10.0.0.9',
    requestedAt: sampleTime,
    expiresAt: sampleTime,
    environment: 'dev',
    requestedScopes: ['records:read', 'audit:read'],
    grantedScopes: ['records:read'],
    keyExpiresAt: sampleTime,
  };
  const asOperator = (options: Parameters<typeof createTestContext>[0] = {}) =>
    context({ url: server.url, apiKey: server.apiKey, ...options });

  it('shows who asks and what is not given, and approves only after a yes', async () => {
    server.answerNext(
      'GET /v1/device/logins/BCDF-GHJK$',
      ...Array.from({ length: 2 }, () => ({ status: 200, body: login })),
    );
    server.answerNext('POST /v1/device/logins/BCDF-GHJK/approve', { status: 200, body: login });
    await expect(runLoginApprove(asOperator(), 'BCDF-GHJK', {})).rejects.toMatchObject({ code: 'input_needed' });
    const test = asOperator();
    await runLoginApprove(test, 'BCDF-GHJK', { yes: true });
    expect(test.stdout()).toMatch(/computer +ada-laptop[^]*10\.0\.0\.9[^]*not given +audit:read[^]*Approved/);
    expect(server.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  it('denies', async () => {
    server.answerNext('GET /v1/device/logins/', { status: 200, body: login });
    server.answerNext('POST /v1/device/logins/BCDF-GHJK/deny$', { status: 204 });
    const test = asOperator({ isJson: true });
    await runLoginApprove(test, 'BCDF-GHJK', { deny: true });
    expect(JSON.parse(test.stdout())).toEqual({ denied: 'BCDF-GHJK' });
  });
});

describe('tenon logout', () => {
  it('revokes a key that login made, and forgets it', async () => {
    server.answerNext('POST /v1/device/authorization', started());
    server.answerNext('POST /v1/device/token', collected());
    server.answerNext('DELETE /v1/keys/current$', { status: 204 });
    await runLogin(context(), { url: server.url, device: true });
    const test = context();
    await runLogout(test, {});
    expect(test.stdout()).toContain('its key is revoked');
    expect(requestsOf('/v1/keys/current')).toHaveLength(1);
    expect(await openProfileStore(variables()).list()).toEqual([]);
    await expect(runLogout(context(), {})).rejects.toMatchObject({ code: 'not_logged_in' });
  });

  it('leaves a key alone that was handed over, unless it is asked to', async () => {
    server.answerNext('DELETE /v1/keys/current$', { status: 204 });
    await handOver(server.apiKey, { profile: 'one' });
    await handOver(server.apiKey, { profile: 'two' });
    const test = context();
    await runLogout(test, { profile: 'one' });
    expect(test.stderr()).toContain('may be used elsewhere');
    expect(requestsOf('/v1/keys/current')).toEqual([]);
    await runLogout(context(), { profile: 'two', revoke: true });
    expect(requestsOf('/v1/keys/current')).toHaveLength(1);
  });

  it('forgets a key even if its server is gone', async () => {
    await handOver(server.apiKey);
    const gone = openProfileStore(variables());
    await server.stop();
    const test = context({ isJson: true });
    await runLogout(test, { all: true, revoke: true });
    expect(JSON.parse(test.stdout())).toMatchObject({ loggedOut: [{ revoked: false }] });
    expect(await gone.list()).toEqual([]);
    server = await FakeServer.start();
  });
});

describe('whoami', () => {
  const whoami = (expiresAt: string | null) => ({
    status: 200,
    body: {
      environment: 'dev',
      key: { id: 1, name: 'owner', prefix: 'tnn_abcd', scopes: ['admin'], expiresAt },
      server: { version: '0.1.0' },
      activeVersion: 0,
    },
  });

  it('warns of a key that expires soon, with the command that mends it', async () => {
    const nowMs = Date.now();
    const soon = new Date(nowMs + 3 * 86_400_000 + 60_000).toISOString();
    server.answerNext('GET /v1/whoami', whoami(soon), whoami(soon), whoami(null));
    await handOver(server.apiKey, { profile: 'work' });
    const test = context();
    await runWhoami(test, { profile: 'work' }, () => nowMs);
    expect(test.stdout()).toContain(`expires      ${soon.slice(0, 10)}  in 3 days`);
    expect(test.stderr()).toContain(`run \`tenon login ${server.url} --profile work\``);
    const plain = context({ url: server.url, apiKey: server.apiKey });
    await runWhoami(plain, {});
    expect(plain.stdout()).toContain('expires      never');
    expect(plain.stderr()).toBe('');
  });

  it('says which command mends a key that was revoked', async () => {
    await handOver(server.apiKey, { profile: 'work' });
    server.answerNext('GET /v1/whoami', refuse(401, 'unauthorized', 'The API key is unknown, expired or revoked.'));
    await expect(runWhoami(context(), { profile: 'work' })).rejects.toMatchObject({
      code: 'unauthorized',
      hint: `Run \`tenon login ${server.url} --profile work\`.`,
    });
  });

  it('lists the profiles, and asks no server', async () => {
    const empty = context();
    await runWhoamiAll(empty);
    expect(empty.stdout()).toContain('Nobody is logged in');
    await handOver(server.apiKey, { profile: 'work' });
    const asked = server.requests.length;
    const test = context();
    await runWhoamiAll(test);
    expect(test.stdout()).toMatch(/work \* +http:.* +dev +tenon_te\.\.\. +never +credentials\.json/);
    expect(server.requests).toHaveLength(asked);
  });
});
