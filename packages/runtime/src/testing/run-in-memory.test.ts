import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineAction } from '../define/define-action.ts';
import { defineProviderHooks } from '../define/define-provider-hooks.ts';
import { defineSync } from '../define/define-sync.ts';
import { providerSchema } from '../provider/provider-schema.ts';
import type { Exchange } from './exchange.ts';
import { runActionInMemory } from './run-action-in-memory.ts';
import { runSyncInMemory } from './run-sync-in-memory.ts';

const provider = providerSchema.parse({
  name: 'github',
  displayName: 'GitHub',
  docs: 'https://docs.github.com/rest',
  sources: ['https://docs.github.com/rest'],
  auth: { mode: 'api_key', fields: { token: { title: 'Token', secret: true } } },
  baseUrl: 'https://api.github.com',
  headers: { authorization: 'Bearer ${credential.token}', accept: 'application/vnd.github.v3+json' },
  pagination: { style: 'link', limitParam: 'per_page', limit: 100 },
});

const Issue = z.object({ id: z.number(), title: z.string(), updatedAt: z.string() });

const issues = defineSync({
  models: { Issue },
  settings: z.object({ repo: z.string() }),
  cursor: { field: 'updatedAt', order: 'ascending' },
  deletes: 'feed',
  async run(sync) {
    sync.log.info('reading', { repo: sync.settings.repo });
    const path = `/repos/${sync.settings.repo}/issues`;
    for await (const page of sync.paginate<{ id: number; title: string; updated_at: string; closed?: boolean }>(path, {
      params: { since: sync.cursor },
    })) {
      const open = page.filter(({ closed }) => closed !== true);
      await sync.save(
        'Issue',
        open.map(({ id, title, updated_at }) => ({ id, title, updatedAt: updated_at })),
      );
      await sync.delete(
        'Issue',
        page.filter(({ closed }) => closed === true).map(({ id }) => id),
      );
    }
  },
});

const list = (path: string, body: unknown, next?: string): Exchange => ({
  request: { method: 'GET', path },
  response: { status: 200, headers: next ? { link: `<${next}>; rel="next"` } : {}, body },
});

const pages: Exchange[] = [
  list(
    '/repos/a/b/issues?since=2026-01-01&per_page=100',
    [
      { id: 1, title: 'One', updated_at: '2026-01-02' },
      { id: 2, title: 'Two', updated_at: '2026-01-03' },
    ],
    'https://api.github.com/repos/a/b/issues?since=2026-01-01&per_page=100&page=2',
  ),
  list('/repos/a/b/issues?since=2026-01-01&per_page=100&page=2', [
    { id: 3, title: 'Three', updated_at: '2026-01-04' },
    { id: 2, title: 'Two', updated_at: '2026-01-05', closed: true },
  ]),
];

const options = { provider, exchanges: pages, settings: { repo: 'a/b' }, cursor: '2026-01-01' };

describe('runSyncInMemory', () => {
  it('runs a sync against a recording and returns what it did', async () => {
    const result = await runSyncInMemory(issues, { ...options, integration: 'gh', metadata: { plan: 'x' } });
    expect([...(result.records.get('Issue') ?? [])]).toEqual([
      ['1', { id: 1, title: 'One', updatedAt: '2026-01-02' }],
      ['3', { id: 3, title: 'Three', updatedAt: '2026-01-04' }],
    ]);
    expect(result.removed.get('Issue')).toEqual(new Set(['2']));
    expect(result.cursor).toBe('2026-01-04');
    expect(result.log).toEqual([{ level: 'info', message: 'reading', data: { repo: 'a/b' } }]);
    expect(result.requests.map(({ path, status }) => [path, status])).toEqual(
      pages.map(({ request }) => [request.path, 200]),
    );
  });

  it('fails when recorded exchanges are left over', async () => {
    const more = [...pages, list('/never', [])];
    await expect(runSyncInMemory(issues, { ...options, exchanges: more })).rejects.toMatchObject({
      code: 'replay_unused',
    });
  });

  it('fails when the script asks for what was not recorded', async () => {
    const { exchanges: _, ...rest } = options;
    await expect(runSyncInMemory(issues, rest)).rejects.toMatchObject({ code: 'replay_unmatched' });
  });

  it('fails with settings that the sync does not declare', async () => {
    await expect(runSyncInMemory(issues, { ...options, settings: {} })).rejects.toMatchObject({
      code: 'settings_invalid',
    });
  });

  it('fails with a record that does not match its model', async () => {
    const exchanges = [list('/repos/a/b/issues?since=2026-01-01&per_page=100', [{ id: 1, title: 5, updated_at: 'x' }])];
    await expect(runSyncInMemory(issues, { ...options, exchanges })).rejects.toMatchObject({ code: 'record_invalid' });
  });
});

describe("GitHub's own recording of paginated issues", () => {
  interface OctokitExchange {
    method: string;
    path: string;
    status: number;
    response: unknown;
    headers?: Record<string, string>;
  }

  it('is read to the end', async () => {
    const file = createRequire(import.meta.url).resolve(
      '@octokit/fixtures/scenarios/api.github.com/paginate-issues/normalized-fixture.json',
    );
    const recorded = JSON.parse(readFileSync(file, 'utf8')) as OctokitExchange[];
    const exchanges = recorded.map(({ method, path, status, response, headers = {} }) => ({
      request: { method, path },
      response: { status, headers, body: response },
    }));
    const result = await runSyncInMemory(issues, {
      provider: { ...provider, pagination: { style: 'link', rel: 'next', limitParam: 'per_page', limit: 3 } },
      exchanges,
      settings: { repo: 'octokit-fixture-org/paginate-issues' },
    });
    expect(result.records.get('Issue')?.size).toBe(13);
    expect(result.requests).toHaveLength(5);
  });
});

describe('runActionInMemory', () => {
  const createIssue = defineAction({
    input: z.object({ title: z.string() }),
    output: z.object({ number: z.number() }),
    run: async (action) => (await action.post<{ number: number }>('/repos/a/b/issues', action.input)).data,
  });
  const exchanges: Exchange[] = [
    {
      request: {
        method: 'POST',
        path: '/repos/a/b/issues',
        headers: { authorization: 'Bearer test-token' },
        body: { title: 'New' },
      },
      response: { status: 201, headers: {}, body: { number: 7 } },
    },
  ];

  it('runs an action against a recording and returns its output', async () => {
    expect(await runActionInMemory(createIssue, { provider, exchanges, input: { title: 'New' } })).toMatchObject({
      output: { number: 7 },
      requests: [{ method: 'POST', status: 201 }],
    });
  });

  it('fails with input that the action does not declare, before any request', async () => {
    await expect(runActionInMemory(createIssue, { provider, exchanges, input: {} })).rejects.toMatchObject({
      code: 'input_invalid',
    });
  });
});

describe('a provider whose requests are signed', () => {
  const signed = providerSchema.parse({
    name: 'trader',
    displayName: 'Trader',
    docs: 'https://example.com',
    sources: ['https://example.com'],
    auth: {
      mode: 'signature',
      fields: { privateKey: { title: 'Key', secret: true } },
      algorithm: 'ed25519',
      key: '${credential.privateKey}',
      message: '${request.timestamp}',
      query: { at: '${request.timestamp}', sig: '${request.signature}' },
    },
    baseUrl: 'https://api.example.com',
    integration: { team: { title: 'Team' } },
    headers: { 'x-team': '${integration.team}' },
  });

  it('is replayed without keys', async () => {
    const ping = defineAction({
      input: z.any(),
      output: z.any(),
      run: async (action) => (await action.get('/ping')).data,
    });
    const exchange: Exchange = {
      request: { method: 'GET', path: '/ping' },
      response: { status: 200, body: { ok: 1 } },
    };
    const { output } = await runActionInMemory(ping, { provider: signed, exchanges: [exchange], input: {} });
    expect(output).toEqual({ ok: 1 });
  });
});

describe('hooks of the provider in memory', () => {
  const read = defineAction({
    input: z.undefined(),
    output: z.unknown(),
    run: async (action) => (await action.get('/signed')).data,
  });
  const signed: Exchange = {
    request: { method: 'GET', path: '/signed?mac=for-test-token' },
    response: { status: 200, headers: {}, body: { ok: true } },
  };

  it('change the requests that are compared with the recording', async () => {
    const hooks = defineProviderHooks({
      beforeRequest: ({ url }, { credentials }) => ({ url: `${url}?mac=for-${credentials['token']}` }),
    });
    const { output } = await runActionInMemory(read, { provider, hooks, exchanges: [signed] });
    expect(output).toEqual({ ok: true });
    await expect(runActionInMemory(read, { provider, exchanges: [signed] })).rejects.toMatchObject({
      code: 'replay_unmatched',
    });
  });

  it('fail the call when they fail', async () => {
    const hooks = defineProviderHooks({
      beforeRequest() {
        throw new Error('no key');
      },
    });
    await expect(runActionInMemory(read, { provider, hooks })).rejects.toMatchObject({ code: 'hook_failed' });
  });
});
