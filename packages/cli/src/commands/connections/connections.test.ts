import { writeFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeServer, refuse } from '../../testing/fake-server.ts';
import { sampleConnection, sampleIntegration } from '../../testing/samples.ts';
import { createTestContext } from '../../testing/test-context.ts';
import { describeExpiry, describeOwner, describeProblem } from './describe-connection.ts';
import { runConnectionsImport, type ConnectionsImportFlags } from './run-connections-import.ts';
import { runConnectionsList } from './run-connections-list.ts';
import { runConnectionsRefresh } from './run-connections-refresh.ts';
import { runConnectionsShow } from './run-connections-show.ts';
import { runConnectionsTest } from './run-connections-test.ts';
import { runConnectionsUpdate } from './run-connections-update.ts';

let server: FakeServer;

beforeEach(async () => {
  server = await FakeServer.start();
  server.state.integrations = [sampleIntegration()];
});
afterEach(() => server.stop());

const createContext = (options: Parameters<typeof createTestContext>[0] = {}) =>
  createTestContext({ url: server.url, apiKey: server.apiKey, ...options });

const problem = {
  class: 'revoked' as const,
  code: 'provider_unauthorized',
  message: 'The customer took the access back.',
  hint: null,
  since: '2026-01-01T00:00:00.000Z',
  failures: 3,
  retryAt: null,
};

const broken = sampleConnection({
  id: 'user2',
  state: 'auth_failed',
  problem,
  expiry: { at: '2000-01-01T00:00:00.000Z', cause: 'refresh_token', unless: 'reconnected' },
  scopes: ['repo'],
  endUser: { id: '7', displayName: 'Ada', organization: { id: 'o1', displayName: 'Acme' } },
});

describe('what a list says of a connection', () => {
  it.each([
    [6.5 * 86_400_000, 'dies in 6 d unless refreshed'],
    [3_600_000, 'dies in 1 h unless refreshed'],
    [59_000, 'dies in 59 s unless refreshed'],
    [-120_000, 'ended 2 min ago'],
  ])('forecasts its end in %i ms', (leftMs, text) => {
    const at = new Date(1_000_000_000_000 + leftMs).toISOString();
    const expiry = { at, cause: 'refresh_token_idle' as const, unless: 'refreshed' as const };
    expect(describeExpiry({ state: 'active', expiry }, 1_000_000_000_000)).toBe(text);
  });

  it('forecasts nothing of what the provider has ended already', () => {
    const expiry = { at: '2026-11-30T00:00:00.000Z', cause: 'refresh_token', unless: 'refreshed' } as const;
    expect(describeExpiry({ state: 'auth_failed', expiry }, Date.parse('2026-11-23'))).toBeUndefined();
  });

  it('names its owner and its problem', () => {
    expect(describeOwner(broken)).toBe('Ada (Acme)');
    expect(describeOwner({ endUser: { id: '7', email: 'ada@example.com' } })).toBe('ada@example.com');
    expect(describeProblem(broken)).toBe('revoked (3 times)');
    expect(describeProblem({ problem: { ...problem, class: 'provider_down', failures: 1 } })).toBe('provider down');
  });
});

describe('tenon connections', () => {
  beforeEach(() => {
    server.state.connections = [sampleConnection(), broken];
  });

  it('lists state, problem, forecast and owner, and on request only what is wrong', async () => {
    const all = createContext();
    await runConnectionsList(all, {});
    expect(all.stdout()).toMatch(/github\/user2 .*auth_failed .*revoked \(3 times\) .*ended .* ago .*Ada \(Acme\)/);
    const wrong = createContext({ isJson: true });
    await runConnectionsList(wrong, { problems: true });
    expect(JSON.parse(wrong.stdout())).toMatchObject({ items: [{ id: 'user2' }] });
  });

  it('shows one with what is known of it', async () => {
    const test = createContext();
    await runConnectionsShow(test, 'github/user2', {});
    for (const text of ['revoked: The customer took the access back.', 'repo', 'Ada (Acme)']) {
      expect(test.stdout()).toContain(text);
    }
  });

  it('tries one, and says in the exit code who can do something about a failure', async () => {
    const test = createContext();
    await runConnectionsTest(test, 'github/user1', {});
    expect(test.stdout()).toContain('github/user1 works (12 ms).');
    for (const [name, exitCode] of [
      ['revoked', 13],
      ['provider_down', 14],
      ['misconfigured', 11],
    ] as const) {
      server.state.connectionTest = {
        ok: false,
        verified: true,
        durationMs: 1,
        problem: { ...problem, class: name },
      };
      await expect(runConnectionsTest(createContext(), 'github/user1', {})).rejects.toMatchObject({
        exitCode,
        message: 'github/user1 does not work: The customer took the access back.',
      });
    }
  });

  it('refreshes one', async () => {
    const test = createContext({ isJson: true });
    await runConnectionsRefresh(test, 'github/user1', {});
    expect(JSON.parse(test.stdout())).toMatchObject({ connection: { refreshedAt: expect.any(String) as string } });
    await expect(runConnectionsRefresh(createContext(), 'github/nobody', {})).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('tenon connections update', () => {
  it('replaces settings and metadata, and leaves alone what is not given', async () => {
    server.state.connections = [sampleConnection()];
    const test = createContext({ isJson: true });
    await runConnectionsUpdate(test, 'github/user1', { settings: '{"repos":["a/b"]}' });
    expect(JSON.parse(server.requests.at(-1)?.body ?? '')).toEqual({ settings: { repos: ['a/b'] } });
    expect(JSON.parse(test.stdout())).toMatchObject({ connection: { settings: { repos: ['a/b'] } } });
    await runConnectionsUpdate(createContext(), 'github/user1', { metadata: '{}' });
    expect(JSON.parse(server.requests.at(-1)?.body ?? '')).toEqual({ metadata: {} });
  });

  it.each([
    ['nothing', {}],
    ['a list', { settings: '[]' }],
    ['no JSON', { metadata: 'plan=pro' }],
  ])('refuses %s before it asks the server', async (_what, flags) => {
    await expect(runConnectionsUpdate(createContext(), 'github/user1', flags)).rejects.toMatchObject({
      code: 'usage_invalid',
    });
    expect(server.requests).toEqual([]);
  });
});

describe('tenon connections import', () => {
  const run = (flags: Partial<ConnectionsImportFlags>, name?: string, test = createContext()) =>
    runConnectionsImport(test, name, { verify: true, ...flags }).then(() => test);
  const created = () => server.requests.filter(({ method, url }) => method === 'POST' && url === '/v1/connections');

  async function writeImport(fileName: string, text: string): Promise<string> {
    const file = join(await mkdtemp(join(tmpdir(), 'tenon-import-')), fileName);
    await writeFile(file, text);
    return file;
  }

  it('takes one from flags, its secrets from stdin and the environment, and repeats none', async () => {
    const test = createContext({ variables: { REFRESH: 'rt-s3cret' } });
    const flags = { accessToken: '-', refreshToken: 'env:REFRESH', expiresAt: '2026-01-01T00:00:00Z', scopes: 'a b' };
    await run({ ...flags, readStdin: async () => 'at-s3cret\n' }, 'github/user1', test);
    expect(JSON.parse(created()[0]?.body ?? '')).toMatchObject({
      credentials: { mode: 'oauth2', accessToken: 'at-s3cret', refreshToken: 'rt-s3cret', scopes: ['a', 'b'] },
    });
    expect(test.stdout() + test.stderr()).not.toContain('s3cret');
    expect(test.stdout()).toContain('1 imported, 0 updated, 0 skipped, 0 failed.');
  });

  it('takes many from a file, goes on after failures, and can be run again', async () => {
    const file = await writeImport(
      'all.csv',
      'integration,connection,accessToken,password\ngithub,u1,at1,\ngithub,u2,,s3cret\ngithub,u3,at3,\ngithub,u3,at3,\n',
    );
    const error: unknown = await run({ file }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'import_incomplete',
      exitCode: 11,
      message: '2 imported, 0 updated, 0 skipped, 2 failed.',
      details: {
        results: [
          { place: 'line 2', outcome: 'imported' },
          { place: 'line 3', outcome: 'failed', error: { code: 'request_invalid' } },
          { place: 'line 4', outcome: 'imported' },
          { place: 'line 5', outcome: 'failed' },
        ],
      },
    });
    expect(JSON.stringify(error)).not.toContain('s3cret');
    await writeFile(file, 'integration,connection,accessToken\ngithub,u1,at1\ngithub,u2,at2\ngithub,u3,at3\n');
    expect((await run({ file })).stdout()).toContain('1 imported, 0 updated, 2 skipped, 0 failed.');
  });

  it('replaces the credentials of those that are there with --update', async () => {
    server.state.connections = [sampleConnection({ state: 'auth_failed' })];
    const file = await writeImport('all.ndjson', '{"integration":"github","id":"user1","accessToken":"new"}\n');
    expect((await run({ file, update: true, verify: false })).stdout()).toContain('0 imported, 1 updated');
    expect(JSON.parse(server.requests.at(-1)?.body ?? '')).toEqual({
      credentials: { mode: 'oauth2', accessToken: 'new' },
      verify: false,
    });
  });

  it('changes nothing with --dry-run, and still finds what is wrong', async () => {
    const file = await writeImport('all.json', '[{"id":"u1","accessToken":"a"},{"id":"u2","accessToken":7}]');
    await expect(run({ file, dryRun: true, integration: 'github' })).rejects.toMatchObject({
      code: 'import_incomplete',
      message: '1 would be imported, 0 updated, 0 skipped, 1 failed.',
    });
    expect(created()).toEqual([]);
  });

  it('takes one that somebody else connected meanwhile for skipped, and reports what the server refuses', async () => {
    const file = await writeImport('all.json', '[{"id":"u1","accessToken":"a"}]');
    server.answerNext('POST /v1/connections$', refuse(409, 'conflict', 'It exists.'));
    expect((await run({ file, integration: 'github' })).stdout()).toContain('0 imported, 0 updated, 1 skipped');
    server.answerNext('POST /v1/connections$', refuse(401, 'provider_unauthorized', 'The provider refused it.'));
    await expect(run({ file, integration: 'github' })).rejects.toMatchObject({
      details: { results: [{ error: { code: 'provider_unauthorized', message: 'The provider refused it.' } }] },
    });
  });

  it('ends at once when the key is refused', async () => {
    const file = await writeImport('all.json', '[{"id":"u1","accessToken":"a"},{"id":"u2","accessToken":"b"}]');
    const refusals = Array.from({ length: 2 }, () => refuse(403, 'forbidden', 'The key may not.'));
    server.answerNext('POST /v1/connections$', ...refusals);
    await expect(run({ file, integration: 'github' })).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('wants either a name or a file, and one that can be read', async () => {
    await expect(run({})).rejects.toMatchObject({ code: 'usage_invalid' });
    await expect(run({ file: 'a.json' }, 'github/u')).rejects.toMatchObject({ code: 'usage_invalid' });
    await expect(run({ file: '/nowhere.json' })).rejects.toMatchObject({ code: 'usage_invalid' });
  });
});
