import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreatedApiKey, Environment } from '@tenon/runtime/contract';
import { takeDueSyncs } from '../engine/schedules/queries/take-due-syncs.ts';
import { readVariables } from '../integrations/read-variables.ts';
import { addressOf } from './fuzz/list-bad-requests.ts';
import { listOperations } from './fuzz/list-operations.ts';
import { errorOf } from './testing/error-of.ts';
import { openHttpRoom, otherKey, type HttpRoom } from './testing/http-room.ts';

let http: HttpRoom;
beforeAll(async () => {
  http = await openHttpRoom();
  await http.connect('user1');
});
afterAll(() => http.close());

const day = 86_400_000;
const inPreview = (name: string, more: Record<string, string> = {}) => ({
  headers: { 'tenon-environment': name, ...more },
});
const withKey = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });

async function put(name: string, payload: object = {}) {
  const answer = await http.call('PUT', `/v1/environments/${name}`, { payload });
  expect(answer).toMatchObject({ status: 200 });
  return answer.body as Environment & { created: boolean };
}

async function makeKey(scopes: readonly string[], options: { headers?: Record<string, string> } = {}): Promise<string> {
  const answer = await http.call('POST', '/v1/keys', { payload: { name: 'made', scopes }, ...options });
  expect(answer.status).toBe(201);
  return (answer.body as CreatedApiKey).key;
}

async function idOf(preview: string): Promise<number> {
  const { database } = http.room.context;
  const row = await database
    .selectFrom('environments')
    .select('id')
    .where('name', '=', preview)
    .executeTakeFirstOrThrow();
  return row.id;
}

async function deploy(preview: string): Promise<void> {
  const manifest = (
    await http.room.context.database.selectFrom('deployments').select('manifest').executeTakeFirstOrThrow()
  ).manifest;
  for (const { bundle } of manifest.functions) {
    await http.room.context.database
      .insertInto('bundles')
      .values({ hash: bundle, code: '1' })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  const answer = await http.call('POST', '/v1/deployments', {
    payload: { manifest, baseVersion: 0, allowDestructive: false },
    ...inPreview(preview),
  });
  expect(answer).toMatchObject({ status: 201 });
}

describe('a preview', () => {
  it('is made once however often it is asked for, lives three days, and blocks writes', async () => {
    const first = await put('pr-1');
    expect(first).toMatchObject({
      name: 'pr-1',
      kind: 'preview',
      parent: 'dev',
      ttlMs: 3 * day,
      allowWrites: false,
      activeVersion: 0,
      borrowed: [],
      created: true,
    });
    expect(Date.parse(first.expiresAt ?? '') - http.room.context.now()).toBeGreaterThan(3 * day - 60_000);
    expect(await put('pr-1')).toMatchObject({ created: false, createdAt: first.createdAt });
    const together = await Promise.all([put('pr-at-once'), put('pr-at-once'), put('pr-at-once')]);
    expect(together.filter(({ created }) => created)).toHaveLength(1);
  });

  it('keeps what is not said, and takes what is', async () => {
    await put('pr-2', { ttlMs: 10 * day, allowWrites: true });
    const kept = await put('pr-2');
    expect(kept).toMatchObject({ ttlMs: 10 * day, allowWrites: true });
    const changed = await put('pr-2', { ttlMs: day, allowWrites: false });
    expect(changed).toMatchObject({ ttlMs: day, allowWrites: false });
    expect(Date.parse(changed.expiresAt ?? '')).toBeLessThan(Date.parse(kept.expiresAt ?? ''));
  });

  it.each([
    ['PR_1', { payload: {} }, 'request_invalid'],
    ['pr-3', { payload: { ttlMs: 60_000 } }, 'request_invalid'],
    ['pr-3', { payload: { ttlMs: 91 * day } }, 'request_invalid'],
    ['pr-3', { payload: { ttl: '3d' } }, 'request_invalid'],
    ['dev', { payload: {} }, 'conflict'],
    ['pr-4', { payload: {}, headers: { 'tenon-environment': 'pr-1' } }, 'conflict'],
    ['pr-3', { payload: { borrow: [{ integration: 'tracker', connection: 'nobody' }] } }, 'not_found'],
  ])('%s with %j is refused as %s, and nothing is made', async (name, options, code) => {
    const answer = await http.call('PUT', `/v1/environments/${name}`, options);
    expect(errorOf(answer)).toMatchObject({ code });
    expect(errorOf(await http.call('GET', '/v1/environments/pr-3'))).toMatchObject({ code: 'preview_unknown' });
  });

  it('is extended by a deployment and by who asks for it, also to an earlier end', async () => {
    await put('pr-5', { ttlMs: 2 * day });
    http.room.pass(day);
    await deploy('pr-5');
    const read = async () => (await http.call('GET', '/v1/environments/pr-5')).body as Environment;
    const left = Date.parse((await read()).expiresAt ?? '') - http.room.context.now();
    expect(left).toBeGreaterThan(2 * day - 60_000);
    const extended = await http.call('POST', '/v1/environments/pr-5/extend', { payload: { ttlMs: day / 2 } });
    expect(extended).toMatchObject({ status: 200, body: { ttlMs: day / 2, activeVersion: 1 } });
    expect(Date.parse((await read()).expiresAt ?? '') - http.room.context.now()).toBeLessThan(day);
    expect(errorOf(await http.call('POST', '/v1/environments/dev/extend', { payload: { ttlMs: day } }))).toMatchObject({
      code: 'conflict',
    });
  });

  it('reads the variables of its parent but for those of its own', async () => {
    await put('pr-vars');
    await http.call('PUT', '/v1/variables/SHARED', { payload: { value: 'of-dev' } });
    await http.call('PUT', '/v1/variables/OWN', { payload: { value: 'of-dev' } });
    await http.call('PUT', '/v1/variables/OWN', { payload: { value: 'of-pr' }, ...inPreview('pr-vars') });
    const environmentId = await idOf('pr-vars');
    const names = await http.room.context.integrations.listVariableNames(environmentId);
    expect([...names].toSorted()).toEqual(['OWN', 'SHARED']);
    const read = () => readVariables(http.room.context, { environmentId, names: ['OWN', 'SHARED'] });
    expect(await read()).toEqual({ OWN: 'of-pr', SHARED: 'of-dev' });
    const listed = await http.call('GET', '/v1/variables', inPreview('pr-vars'));
    expect(listed.body).toMatchObject({
      items: [
        { name: 'OWN', source: 'stored' },
        { name: 'SHARED', source: 'parent' },
      ],
    });
    expect(errorOf(await http.call('DELETE', '/v1/variables/SHARED', inPreview('pr-vars')))).toMatchObject({
      code: 'conflict',
      hint: expect.stringContaining('env set SHARED'),
    });
    await http.call('DELETE', '/v1/variables/OWN', inPreview('pr-vars'));
    expect(await read()).toEqual({ OWN: 'of-dev', SHARED: 'of-dev' });
  });

  it('starts no sync by its schedule, and says why, whatever is done to it', async () => {
    await put('pr-quiet', { borrow: [{ integration: 'tracker', connection: 'user1' }] });
    await deploy('pr-quiet');
    const sync = '/v1/connections/tracker/user1/syncs/issues';
    await http.call('POST', `${sync}/pause`, inPreview('pr-quiet'));
    await http.call('POST', `${sync}/resume`, inPreview('pr-quiet'));
    await http.call('PUT', `${sync}/schedule`, { payload: { schedule: 'every 1m' }, ...inPreview('pr-quiet') });
    const listed = await http.call('GET', '/v1/syncs', inPreview('pr-quiet'));
    expect(listed.body).toMatchObject({ items: [{ sync: 'issues', waitsFor: 'preview', nextRunAt: null }] });
    const due = await takeDueSyncs(http.room.context.database, { now: new Date(Date.now() + 365 * day), limit: 100 });
    expect(due.map(({ environment_id: id }) => id)).not.toContain(await idOf('pr-quiet'));
    expect(due.length).toBeGreaterThan(0);
    const triggered = await http.call('POST', `${sync}/trigger`, inPreview('pr-quiet'));
    expect(triggered).toMatchObject({ status: 202 });
  });
});

describe('who sees what', () => {
  it('is the environment of the key and its previews, and in a preview that one alone', async () => {
    await put('pr-seen');
    const all = (await http.call('GET', '/v1/environments')).body as { items: Environment[] };
    expect(all.items[0]).toMatchObject({ name: 'dev', kind: 'standard', expiresAt: null, allowWrites: true });
    expect(all.items.map(({ name }) => name)).toContain('pr-seen');
    const within = await http.call('GET', '/v1/environments', inPreview('pr-seen'));
    expect(within.body).toMatchObject({ items: [{ name: 'pr-seen', parent: 'dev' }] });
    const others = await http.call('GET', '/v1/environments', withKey(otherKey));
    expect(others.body).toMatchObject({ items: [{ name: 'other' }], nextCursor: null });
    const whoami = await http.call('GET', '/v1/whoami', inPreview('pr-seen'));
    expect(whoami.body).toMatchObject({ environment: 'pr-seen', parent: 'dev', expiresAt: expect.any(String) });
  });

  it('names the previews that there are when one is asked for that there is not', async () => {
    await put('pr-seen');
    for (const answer of [
      await http.call('GET', '/v1/runs', inPreview('pr-404')),
      await http.call('GET', '/v1/environments/pr-404'),
      await http.call('DELETE', '/v1/environments/pr-404'),
    ]) {
      expect(answer.status).toBe(404);
      expect(errorOf(answer)).toMatchObject({ code: 'preview_unknown', hint: expect.stringContaining('pr-seen') });
    }
    expect(errorOf(await http.call('GET', '/v1/runs', inPreview('A b')))).toMatchObject({ code: 'request_invalid' });
  });

  it("is nobody else's preview, by any route of the API", async () => {
    await put('pr-closed');
    const operations = listOperations().filter(({ needsKey }) => needsKey);
    expect(operations.length).toBeGreaterThan(70);
    for (const operation of operations) {
      const answer = await http.call(operation.method, addressOf(operation), {
        ...(operation.body && { payload: {} }),
        ...inPreview('pr-closed', { authorization: `Bearer ${otherKey}` }),
      });
      expect(`${operation.name} ${answer.status}`).toBe(`${operation.name} 404`);
      expect(errorOf(answer).code, operation.name).toBe('preview_unknown');
      expect(answer.text).not.toContain('pr-closed is');
    }
  });

  it('lets a key with either scope of environments in, with its other scopes, and no other key', async () => {
    await put('pr-scopes');
    const reader = await makeKey(['environments:read', 'syncs:read']);
    const blind = await makeKey(['syncs:read', 'records:read']);
    const enter = (key: string, route: string, method = 'GET') =>
      http.call(method, route, inPreview('pr-scopes', { authorization: `Bearer ${key}` }));
    expect((await enter(reader, '/v1/runs')).status).toBe(200);
    expect(errorOf(await enter(reader, '/v1/connections'))).toMatchObject({ code: 'forbidden' });
    expect(errorOf(await enter(blind, '/v1/runs'))).toMatchObject({ code: 'forbidden' });
    const refused = await http.call('PUT', '/v1/environments/pr-new', { payload: {}, ...withKey(reader) });
    expect(errorOf(refused)).toMatchObject({ code: 'forbidden' });
    expect(errorOf(await http.call('DELETE', '/v1/environments/pr-scopes', withKey(reader)))).toMatchObject({
      code: 'forbidden',
    });
  });

  it("is within a preview nothing of its parent's", async () => {
    await put('pr-empty');
    const triggered = await http.call('POST', '/v1/connections/tracker/user1/syncs/issues/trigger');
    const { run } = triggered.body as { run: { id: string } };
    const key = await makeKey(['admin'], inPreview('pr-empty'));
    for (const route of ['/v1/connections', '/v1/runs', '/v1/syncs', '/v1/logs', '/v1/deployments', '/v1/holds']) {
      expect(await http.call('GET', route, withKey(key))).toMatchObject({ status: 200, body: { items: [] } });
    }
    for (const route of [`/v1/runs/${run.id}`, '/v1/connections/tracker/user1', '/v1/environments/dev']) {
      expect((await http.call('GET', route, withKey(key))).status).toBe(404);
    }
    expect((await http.call('POST', `/v1/runs/${run.id}/cancel`, withKey(key))).status).toBe(404);
    const other = await http.call('GET', '/v1/runs', inPreview('pr-seen', { authorization: `Bearer ${key}` }));
    expect(errorOf(other)).toMatchObject({ code: 'preview_unknown' });
  });
});

describe('environments that stay', () => {
  it('are made by admin keys alone, with a key of their own, and deleted by it', async () => {
    const ci = await makeKey(['environments:write', 'environments:read']);
    const payload = { name: 'staging' };
    expect(errorOf(await http.call('POST', '/v1/environments', { payload, ...withKey(ci) }))).toMatchObject({
      code: 'forbidden',
    });
    const made = await http.call('POST', '/v1/environments', { payload });
    expect(made).toMatchObject({
      status: 201,
      body: { name: 'staging', kind: 'standard', key: { scopes: ['admin'] } },
    });
    const { key } = (made.body as { key: { key: string } }).key;
    expect(errorOf(await http.call('POST', '/v1/environments', { payload }))).toMatchObject({ code: 'conflict' });
    expect((await http.call('GET', '/v1/environments/staging')).status).toBe(404);
    expect((await http.call('GET', '/v1/whoami', withKey(key))).body).toMatchObject({
      environment: 'staging',
      parent: null,
    });
    await http.call('PUT', '/v1/environments/pr-9', { payload: {}, ...withKey(key) });
    expect(errorOf(await http.call('DELETE', '/v1/environments/staging', withKey(key)))).toMatchObject({
      code: 'conflict',
      message: 'staging has previews: pr-9.',
    });
    await http.call('DELETE', '/v1/environments/pr-9', withKey(key));
    expect((await http.call('DELETE', '/v1/environments/staging', withKey(key))).status).toBe(204);
    expect((await http.call('GET', '/v1/whoami', withKey(key))).status).toBe(401);
    await http.environments.sweep();
    const names = await http.room.context.database.selectFrom('environments').select('name').execute();
    expect(names.map(({ name }) => name)).not.toContain('staging');
    expect(names.map(({ name }) => name)).not.toContain('pr-9');
    expect((await http.call('POST', '/v1/environments', { payload })).status).toBe(201);
  });

  it('are kept while a server is configured with them', async () => {
    const { database } = http.room.context;
    await database
      .updateTable('api_keys')
      .set({ configured: true })
      .where('environment_id', '=', http.room.environmentId)
      .execute();
    const previews = (await http.call('GET', '/v1/environments')).body as { items: Environment[] };
    for (const { name, kind } of previews.items) {
      if (kind === 'preview') await http.call('DELETE', `/v1/environments/${name}`);
    }
    expect(errorOf(await http.call('DELETE', '/v1/environments/dev'))).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('configured'),
    });
  });
});
