import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiScopeSchema, type ApiScope, type CreatedApiKey } from '@tenon/runtime/contract';
import { ensureConfiguredKey } from '../credentials/api-keys/ensure-configured-key.ts';
import { createApiKeyDirectory } from '../credentials/api-keys/api-key-directory.ts';
import { hashOf, sampleAction } from '../deployments/testing/sample-manifest.ts';
import { createNotifications } from '../engine/notifications/notifications.ts';
import { allRoutes } from './routes/all-routes.ts';
import { devKey, openHttpRoom, otherKey, type Answer, type HttpRoom } from './testing/http-room.ts';

let http: HttpRoom;

beforeAll(async () => {
  http = await openHttpRoom();
  await http.connect('user1');
});
afterAll(() => http.close());

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const codeOf = (answer: Answer) =>
  (answer.body as { error?: { code: string } } | undefined)?.error?.code ?? answer.status;

async function createKey(scopes: readonly ApiScope[], by = devKey): Promise<CreatedApiKey> {
  const answer = await http.call('POST', '/v1/keys', {
    payload: { name: scopes.join(' ').slice(0, 100), scopes },
    headers: bearer(by),
  });
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.body as CreatedApiKey;
}

/** An address of the route; what it names need not exist. */
const addressOf = (path: string) =>
  path.replaceAll(/:(\w+)/g, (_, name: string) =>
    name === 'integration' ? 'tracker' : name === 'version' ? '77' : 'x',
  );

const keyed = allRoutes.filter(({ access }) => access === 'key');

describe('every route', () => {
  it('that asks for a key says for which scope', () => {
    expect(keyed.filter(({ scope }) => scope === undefined).map(({ path }) => path)).toEqual([]);
  });

  it('that changes something has a name in the audit log, and others have none', () => {
    const changing = allRoutes.filter(({ method, access }) => method !== 'GET' && access !== 'public');
    expect(changing.filter(({ audit }) => audit === undefined).map(({ path }) => path)).toEqual([]);
    // Except reading what a run met, which is data of customers.
    const audited = allRoutes.filter(({ method, audit }) => method === 'GET' && audit);
    expect(audited.map(({ path }) => path)).toEqual(['/v1/runs/:id/capture']);
    const names = allRoutes.flatMap(({ audit }) => (audit ? [audit] : []));
    expect(names.filter((name) => !/^[a-z_]+\.[a-z_]+$/.test(name))).toEqual([]);
  });

  it('refuses keys with every other scope but its own, before it reads anything else', async () => {
    const { database } = http.room.context;
    const keys = new Map<ApiScope, string>();
    for (const scope of apiScopeSchema.options) keys.set(scope, (await createKey([scope])).key);
    const all = apiScopeSchema.options.filter((scope) => scope !== 'admin');
    for (const { method, path, scope = 'admin' } of keyed) {
      if (scope === 'any') continue;
      const others = all.filter((other) => other !== scope);
      const { key } = await createKey(others);
      const answer = await http.call(method, addressOf(path), { headers: bearer(key) });
      expect({ path, code: codeOf(answer) }).toEqual({ path, code: 'forbidden' });
      expect((answer.body as { error: { details: unknown } }).error.details).toEqual({ scope });
      // An event stream has no end.
      if (path === '/v1/events' || scope === 'admin') continue;
      for (const good of [scope, 'admin'] as const) {
        const passed = await http.call(method, addressOf(path), { headers: bearer(keys.get(good) ?? '') });
        expect({ path, good, code: codeOf(passed) }).not.toEqual({ path, good, code: 'forbidden' });
      }
    }
    await database.deleteFrom('api_keys').where('name', 'not in', ['initial']).execute();
  }, 60_000);
});

describe('captures and dry runs', () => {
  it('are refused without their scopes, and code of the caller without the scope to deploy', async () => {
    const path = '/v1/connections/tracker/user1/dry-runs';
    const code = {
      bundle: 'sent code',
      function: sampleAction({ name: 'sent', bundle: hashOf('sent code') }),
    };
    const dryRun = async (scopes: readonly ApiScope[], more: object) => {
      const { key } = await createKey(scopes);
      const payload = { kind: 'action', function: 'create-issue', input: { title: 'x' }, ...more };
      return http.call('POST', path, { payload, headers: bearer(key) });
    };
    const sent = { function: 'sent', code };
    expect((await dryRun(['runs:dry'], {})).status).toBe(200);
    const refused = await dryRun(['runs:dry'], sent);
    expect(refused).toMatchObject({ status: 403, body: { error: { details: { lacking: ['deployments:write'] } } } });
    expect(codeOf(await dryRun(['deployments:write', 'syncs:write', 'records:write'], {}))).toBe('forbidden');
    expect(codeOf(await dryRun(['runs:dry', 'deployments:write'], sent))).toBe(200);

    const run = '01980000-0000-7000-8000-000000000000';
    const others = apiScopeSchema.options.filter((scope) => scope !== 'admin' && scope !== 'captures:read');
    const { key } = await createKey(others);
    expect(await http.call('GET', `/v1/runs/${run}/capture`, { headers: bearer(key) })).toMatchObject({
      status: 403,
      body: { error: { details: { scope: 'captures:read' } } },
    });
  });
});

describe('API keys', () => {
  it('hand out no more than they may do', async () => {
    const { key } = await createKey(['keys:write', 'records:read']);
    const tryScopes = (scopes: string[]) =>
      http.call('POST', '/v1/keys', { payload: { name: 'x', scopes }, headers: bearer(key) });
    expect(codeOf(await tryScopes(['records:read']))).toBe(201);
    expect(codeOf(await tryScopes(['records:read', 'audit:read']))).toBe('forbidden');
    expect(codeOf(await tryScopes(['admin']))).toBe('forbidden');
    expect(codeOf(await http.call('POST', '/v1/keys', { payload: { name: 'x' }, headers: bearer(key) }))).toBe(
      'forbidden',
    );
    const { id } = await createKey(['admin']);
    expect(codeOf(await http.call('DELETE', `/v1/keys/${id}`, { headers: bearer(key) }))).toBe('forbidden');
  });

  it('hand out no keys that outlive them', async () => {
    const { key, id } = await createKey(['keys:write']);
    const end = new Date(http.room.context.now() + 60_000);
    await http.room.context.database.updateTable('api_keys').set({ expires_at: end }).where('id', '=', id).execute();
    const make = async (wanted: object) => {
      const payload = { name: 'x', scopes: ['keys:write'], ...wanted };
      const { body } = await http.call('POST', '/v1/keys', { payload, headers: bearer(key) });
      return (body as CreatedApiKey).expiresAt;
    };
    expect(await make({})).toBe(end.toISOString());
    expect(await make({ expiresInDays: 30 })).toBe(end.toISOString());
  });

  it('are shown once, and listed without themselves', async () => {
    const { key, id, prefix } = await createKey(['audit:read']);
    expect(key.startsWith(prefix)).toBe(true);
    const list = await http.call('GET', '/v1/keys?limit=1000');
    expect(list.text).not.toContain(key);
    const shown = (list.body as { items: { id: number }[] }).items.find((one) => one.id === id);
    expect(shown).toMatchObject({ scopes: ['audit:read'], revokedAt: null, expiresAt: null, lastUsedAt: null });
    expect(await http.call('GET', '/v1/whoami', { headers: bearer(key) })).toMatchObject({
      body: { key: { scopes: ['audit:read'] } },
    });
  });

  it('tell to the minute when they were used, with one write a minute', async () => {
    const { key, id } = await createKey(['records:read']);
    const { database } = http.room.context;
    const read = () =>
      database
        .selectFrom('api_keys')
        .select(['last_used_at'])
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
        .then((row) => row.last_used_at);
    await http.call('GET', '/v1/whoami', { headers: bearer(key) });
    const first = await read();
    expect((first?.getTime() ?? 1) % 60_000).toBe(0);
    const yesterday = new Date((first?.getTime() ?? 0) - 86_400_000);
    await database.updateTable('api_keys').set({ last_used_at: yesterday }).where('id', '=', id).execute();
    // Remembered: it is not even looked up.
    await http.call('GET', '/v1/whoami', { headers: bearer(key) });
    expect(await read()).toEqual(yesterday);
    http.room.pass(11_000);
    await http.call('GET', '/v1/whoami', { headers: bearer(key) });
    expect((await read())?.getTime()).toBeGreaterThan(yesterday.getTime());
  });

  it('are refused at once when they are revoked here, and as soon as other servers hear of it', async () => {
    const { key, id } = await createKey(['records:read']);
    const { database, now } = http.room.context;
    const notifications = createNotifications({ pool: http.room.pool, log: http.app.log });
    const elsewhere = createApiKeyDirectory({ database, notifications, now });
    await elsewhere.start();
    await http.call('GET', '/v1/whoami', { headers: bearer(key) });
    await elsewhere.find(key);
    expect(elsewhere.recall(key)).toBeDefined();
    expect((await http.call('DELETE', `/v1/keys/${id}`)).status).toBe(204);
    expect(codeOf(await http.call('GET', '/v1/whoami', { headers: bearer(key) }))).toBe('key_revoked');
    while (elsewhere.recall(key)) await new Promise((resolve) => setImmediate(resolve));
    expect(await elsewhere.find(key)).toMatchObject({ good: false });
    expect((await http.call('DELETE', `/v1/keys/${id}`)).status).toBe(204);
    await elsewhere.stop();
    await notifications.close();
  });

  it('are not remembered beyond their end', async () => {
    const { key, id } = await createKey(['records:read']);
    const { database, now } = http.room.context;
    const end = new Date(now() + 3_000);
    await database.updateTable('api_keys').set({ expires_at: end }).where('id', '=', id).execute();
    const notifications = createNotifications({ pool: http.room.pool, log: http.app.log });
    let passedMs = 0;
    const directory = createApiKeyDirectory({ database, notifications, now: () => now() + passedMs });
    await directory.find(key);
    expect(directory.recall(key)).toBeDefined();
    passedMs = 3_001;
    expect(directory.recall(key)).toBeUndefined();
    await notifications.close();
  });

  it('of another environment are not found', async () => {
    const { id } = await createKey(['records:read']);
    expect(codeOf(await http.call('DELETE', `/v1/keys/${id}`, { headers: bearer(otherKey) }))).toBe('not_found');
  });

  it('that the server was configured with end when the configuration changes', async () => {
    const { database } = http.room.context;
    const environmentId = http.room.environmentId;
    const [first, second] = ['tnn_configured_key_number_one_0123456789', 'tnn_configured_key_number_two_0123456789'];
    await ensureConfiguredKey(database, { environmentId, key: first });
    const whoami = async (key: string) => codeOf(await http.call('GET', '/v1/whoami', { headers: bearer(key) }));
    expect(await whoami(first)).toBe(200);
    const { id } = await database
      .selectFrom('api_keys')
      .select('id')
      .where('configured', '=', true)
      .executeTakeFirstOrThrow();
    expect(codeOf(await http.call('DELETE', `/v1/keys/${id}`))).toBe('conflict');
    await ensureConfiguredKey(database, { environmentId, key: second });
    http.room.pass(11_000);
    expect([await whoami(first), await whoami(second)]).toEqual(['key_revoked', 200]);
    await ensureConfiguredKey(database, { environmentId, key: first });
    http.room.pass(11_000);
    expect([await whoami(first), await whoami(second), await whoami(devKey)]).toEqual([200, 'key_revoked', 200]);
  });
});

describe('variables', () => {
  it('are stored encrypted, used by their name, and never shown', async () => {
    const value = 'variable-value-5b1e';
    const put = await http.call('PUT', '/v1/variables/CRM_CLIENT_SECRET', { payload: { value } });
    expect(put.body).toMatchObject({ name: 'CRM_CLIENT_SECRET', source: 'stored', overrides: false });
    await Promise.all(
      [1, 2, 3].map((n) => http.call('PUT', '/v1/variables/NEW_ONE', { payload: { value: `${value}${n}` } })),
    );
    const list = await http.call('GET', '/v1/variables');
    expect((list.body as { items: { name: string }[] }).items.map(({ name }) => name)).toEqual([
      'CRM_CLIENT_SECRET',
      'NEW_ONE',
    ]);
    expect(list.text + put.text).not.toContain(value);
    expect((await http.call('DELETE', '/v1/variables/NEW_ONE')).status).toBe(204);
    expect(codeOf(await http.call('DELETE', '/v1/variables/NEW_ONE'))).toBe('not_found');
    expect((await http.call('GET', '/v1/variables', { headers: bearer(otherKey) })).body).toEqual({
      items: [],
      nextCursor: null,
    });
  });
});

describe('the audit log', () => {
  const read = async (query: string) => {
    const { body } = await http.call('GET', `/v1/audit-log?${query}`);
    return body as { items: Record<string, unknown>[]; nextCursor: string | null };
  };

  it('has who changed what, without secrets', async () => {
    const value = 'audited-value-77aa';
    const answer = await http.call('PUT', '/v1/variables/AUDITED', { payload: { value } });
    const { items } = await read('subject=variable:AUDITED');
    expect(items).toEqual([
      {
        id: expect.any(Number),
        at: expect.any(String),
        actor: { kind: 'api_key', id: expect.any(String), name: 'initial' },
        action: 'variable.set',
        subject: 'variable:AUDITED',
        details: { fields: ['value'] },
        address: '127.0.0.1',
        requestId: answer.headers['x-request-id'],
      },
    ]);
    expect((await read('action=connection.create')).items).toMatchObject([{ subject: 'connection:tracker/user1' }]);
    expect(JSON.stringify(await read('limit=1000'))).not.toContain(value);
  });

  it('has no row of what was refused or failed', async () => {
    await http.call('DELETE', '/v1/variables/NEVER_THERE');
    expect((await read('subject=variable:NEVER_THERE')).items).toEqual([]);
  });

  it('has what a key was not allowed to do, and the use of a revoked one', async () => {
    const { key, id } = await createKey(['audit:read']);
    await http.call('GET', '/v1/runs', { headers: bearer(key) });
    expect((await read('action=scope.refuse&limit=1')).items).toMatchObject([
      { actor: { id: String(id) }, subject: 'route:GET /v1/runs', details: { reason: 'lacks the scope syncs:read' } },
    ]);
    for (let n = 0; n < 10; n += 1) await http.call('GET', '/v1/runs', { headers: bearer(key) });
    const { items } = await read('action=scope.refuse&limit=1000');
    expect(items.filter(({ actor }) => (actor as { id: string }).id === String(id))).toHaveLength(3);
  });

  it('is read in pages, newest first, between two times, and by its own environment', async () => {
    const all = await read('limit=1000');
    const first = await read('limit=2');
    expect(first.items).toEqual(all.items.slice(0, 2));
    expect((await read(`limit=2&cursor=${first.nextCursor}`)).items).toEqual(all.items.slice(2, 4));
    expect((await read('to=2020-01-01T00:00:00Z')).items).toEqual([]);
    expect((await read('from=2020-01-01T00:00:00Z&limit=1000')).items).toEqual(all.items);
    expect((await http.call('GET', '/v1/audit-log', { headers: bearer(otherKey) })).body).toEqual({
      items: [],
      nextCursor: null,
    });
  });

  it('lets no change be confirmed that it could not note', async () => {
    await http.room.pool.query('alter table audit_log rename to audit_log_away');
    const answer = await http.call('PUT', '/v1/variables/UNNOTED', { payload: { value: 'x' } });
    await http.room.pool.query('alter table audit_log_away rename to audit_log');
    expect(answer.status).toBe(500);
  });
});

describe('limits', () => {
  it('slow down who guesses keys, by address, and nobody whose key is known', async () => {
    const guarded = await openHttpRoom(undefined, {
      limits: { requestsPerSecond: 0, failedKeysPerMinute: 5 },
      trustProxy: ['127.0.0.1'],
    });
    const from = (address: string, key: string) =>
      guarded.call('GET', '/v1/whoami', { headers: { ...bearer(key), 'x-forwarded-for': address } });
    expect((await from('9.9.9.9', devKey)).status).toBe(200);
    const guesses = [];
    for (let n = 0; n < 7; n += 1) guesses.push(codeOf(await from('9.9.9.9', `tnn_guess_${n}`)));
    expect(guesses).toEqual([...Array.from({ length: 5 }, () => 'unauthorized'), 'rate_limited', 'rate_limited']);
    const refused = await from('9.9.9.9', 'tnn_guess');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await from('9.9.9.9', devKey)).status).toBe(200);
    expect(codeOf(await from('8.8.8.8', 'tnn_guess'))).toBe('unauthorized');
    guarded.room.pass(60_000);
    expect(codeOf(await from('9.9.9.9', 'tnn_guess'))).toBe('unauthorized');
    expect(guarded.log.join('')).not.toContain('tnn_guess');
    await guarded.close();
  });

  it('bound how often a key is used, and say so in every answer', async () => {
    const guarded = await openHttpRoom(undefined, { limits: { requestsPerSecond: 2, failedKeysPerMinute: 0 } });
    const answers = [];
    for (let n = 0; n < 30; n += 1) answers.push(await guarded.call('GET', '/v1/whoami'));
    expect(answers[0]?.headers).toMatchObject({ 'ratelimit-policy': '"key";q=4;w=2', ratelimit: '"key";r=3;t=0' });
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.headers).toMatchObject({ 'retry-after': '1', ratelimit: '"key";r=0;t=1' });
    expect((await guarded.call('GET', '/v1/whoami', { headers: bearer(otherKey) })).status).toBe(200);
    guarded.room.pass(2_000);
    expect((await guarded.call('GET', '/v1/whoami')).status).toBe(200);
    await guarded.close();
  });
});

it('answers with headers that let no browser show, frame or share it', async () => {
  for (const url of ['/v1/health', '/v1/nothing', '/v1/whoami']) {
    const { headers } = await http.call('GET', url);
    expect(headers).toMatchObject({
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
    expect(headers).not.toHaveProperty('x-powered-by');
  }
});
