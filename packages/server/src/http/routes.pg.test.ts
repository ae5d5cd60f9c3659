import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { manifestSchema, type Manifest } from '@tenon/runtime/contract';
import { connectableManifest } from '../credentials/testing/credential-room.ts';
import { goodApiKey, goodClient } from '../credentials/testing/sample-provider-server.ts';
import { ensureApiKey } from '../credentials/api-keys/ensure-api-key.ts';
import { createEndpoint } from '../webhooks/endpoints/create-endpoint.ts';
import { publishEvent } from '../webhooks/publish-event.ts';
import { hashOf } from '../deployments/testing/sample-manifest.ts';
import { allRoutes } from './routes/all-routes.ts';
import { errorOf } from './testing/error-of.ts';
import { createCaptureStore } from '../captures/capture-store.ts';
import { sampleCapture } from '../captures/testing/sample-capture.ts';
import { openHttpRoom, otherKey, type HttpRoom } from './testing/http-room.ts';

let http: HttpRoom;
let runId: string;
let manifest: Manifest;
let sessionToken: string;
let attemptId: string;
let deliveryId: number;
let [holdId, otherHoldId] = [0, 0];
let quarantinedId: number;
let sessionId: string;
const disposableKey = 'tnn_key_that_revokes_itself_0123456789';
let loginCodes = { first: '', device: '', second: '' };

beforeAll(async () => {
  http = await openHttpRoom();
  await http.connect('user1');
  await http.call('POST', '/v1/connections', {
    payload: { integration: 'crm', id: 'client1', credentials: { mode: 'oauth2_client_credentials', ...goodClient } },
  });
  const { database } = http.room.context;
  const { id: connectionId } = await database
    .selectFrom('connections')
    .select('id')
    .orderBy('id')
    .executeTakeFirstOrThrow();
  const { id: datasetId } = await database
    .insertInto('datasets')
    .values({ connection_id: connectionId, model: 'Issue', position: 1 })
    .returning('id')
    .executeTakeFirstOrThrow();
  await database
    .insertInto('records')
    .values({
      dataset_id: datasetId,
      external_id: 'https://tracker.example/1',
      data: '{"id":"https://tracker.example/1","title":"ümläut"}',
      hash: Buffer.alloc(16),
      position: 1,
      added_position: 1,
      updated_at: new Date(),
      deleted_at: null,
    })
    .execute();
  const triggered = await http.call('POST', '/v1/connections/tracker/user1/syncs/issues/trigger');
  runId = (triggered.body as { run: { id: string } }).run.id;
  const captures = createCaptureStore({ database, keyring: http.room.keyring, days: 7, now: Date.now });
  await captures.keep({ id: runId, attempt: 1 }, gzipSync(JSON.stringify(sampleCapture(runId))));
  const cursor = { field: 'updatedAt', initial: null, order: 'unordered', lagMs: 0 };
  const { sync_id: syncId } = await database
    .selectFrom('runs')
    .select('sync_id')
    .where('id', '=', runId)
    .executeTakeFirstOrThrow();
  const ofSync = { dataset_id: datasetId, sync_id: syncId ?? 0, run_id: runId };
  const hold = {
    environment_id: http.room.environmentId,
    record_count: 1,
    live_count: 1,
    created_at: new Date(),
    decided_at: null,
  };
  ({ id: holdId } = await database
    .insertInto('holds')
    .values({ ...ofSync, ...hold })
    .returning('id')
    .executeTakeFirstOrThrow());
  ({ id: otherHoldId } = await database
    .insertInto('holds')
    .values({ ...ofSync, ...hold, run_id: randomUUID() })
    .returning('id')
    .executeTakeFirstOrThrow());
  await database
    .insertInto('held_records')
    .values({ hold_id: holdId, position: 1, external_ids: ['gone'] })
    .execute();
  const problems = JSON.stringify([{ path: 'title', message: 'expected a text' }]);
  ({ id: quarantinedId } = await database
    .insertInto('quarantine')
    .values({ ...ofSync, external_id: '2', data: '{"id":"2"}', hash: Buffer.alloc(16), problems })
    .returning('id')
    .executeTakeFirstOrThrow());
  const connectable = connectableManifest(http.room.provider);
  const values = { clientId: { value: 'app-1' }, clientSecret: { value: 'app-secret' } };
  manifest = manifestSchema.parse({
    ...connectable,
    integrations: [...connectable.integrations, { name: 'docs', provider: 'docs', values }],
    providers: [...connectable.providers, redirectProvider],
    functions: connectable.functions.map((one) => (one.kind === 'sync' ? { ...one, cursor, hasWebhook: true } : one)),
  });
  await http.room.deploy(http.room.environmentId, manifest);
  const session = await http.call('POST', '/v1/connect/sessions', { payload: { endUser: { id: 'user4' } } });
  sessionToken = (session.body as { token: string }).token;
  const attempt = await http.call('POST', '/v1/connect/attempts', {
    payload: { integration: 'docs' },
    headers: { authorization: `Bearer ${sessionToken}` },
  });
  attemptId = (attempt.body as { id: string }).id;
  sessionId = (session.body as { id: string }).id;
  const endpoint = { environmentId: http.room.environmentId, url: 'https://app.example.com/tenon', events: [] };
  await createEndpoint(http.room.context, endpoint);
  await publishEvent(database, {
    ...endpoint,
    type: 'connection.created',
    connection: { integration: 'tracker', name: 'user1' },
    data: {},
  });
  ({ id: deliveryId } = await database.selectFrom('webhook_deliveries').select('id').executeTakeFirstOrThrow());
  const { environmentId } = http.room;
  await ensureApiKey(database, { environmentId, key: disposableKey, name: 'disposable' });
  const [first, second] = await Promise.all(
    ['laptop', 'desktop'].map(async (hostName) => {
      const { body } = await http.call('POST', '/v1/device/authorization', { payload: { hostName } });
      return body as { userCode: string; deviceCode: string };
    }),
  );
  loginCodes = { first: first?.userCode ?? '', device: first?.deviceCode ?? '', second: second?.userCode ?? '' };
  for (const code of ['sync code', 'action code']) {
    await http.call('PUT', `/v1/bundles/${hashOf(code)}`, { payload: code, headers: { 'content-type': 'text/plain' } });
  }
});
afterAll(() => http.close());

/** Connected by signing in at an address that no test goes to. */
const redirectProvider = {
  name: 'docs',
  displayName: 'Docs',
  docs: 'https://docs.example',
  sources: ['https://docs.example'],
  baseUrl: 'https://docs.example/api',
  auth: {
    mode: 'oauth2' as const,
    authorizationUrl: 'https://docs.example/authorize',
    tokenUrl: 'https://docs.example/token',
  },
};

function declarationOf(route: string) {
  return allRoutes.find(({ method, path }) => `${method} ${path}` === route);
}

const connection = '/v1/connections/tracker/user1';
const record = `${connection}/records/Issue/${encodeURIComponent('https://tracker.example/1')}`;
const newConnection = { integration: 'tracker', credentials: { mode: 'api_key', values: { apiKey: goodApiKey } } };

/** One good request a route, in an order that works; what is deleted comes last. */
const goodRequests: {
  route: string;
  url?: () => string;
  payload?: () => unknown;
  text?: true;
  bearer?: () => string;
}[] = [
  { route: 'GET /v1/health' },
  { route: 'GET /v1/ready' },
  { route: 'GET /v1/whoami' },
  { route: 'GET /v1/integrations', url: () => '/v1/integrations?limit=1' },
  { route: 'POST /v1/connect/sessions', payload: () => ({ endUser: { id: 'user3' }, integrations: ['tracker'] }) },
  { route: 'GET /v1/connect/session' },
  {
    route: 'POST /v1/connect/connections',
    payload: () => ({ integration: 'tracker', values: { apiKey: goodApiKey } }),
  },
  { route: 'POST /v1/connect/attempts', payload: () => ({ integration: 'docs' }) },
  { route: 'GET /v1/connect/attempts/:id', url: () => `/v1/connect/attempts/${attemptId}?waitMs=1` },
  { route: 'GET /v1/connect/sessions/:id', url: () => `/v1/connect/sessions/${sessionId}` },
  { route: 'DELETE /v1/connect/sessions/:id', url: () => `/v1/connect/sessions/${sessionId}` },
  { route: 'POST /v1/connections', payload: () => ({ ...newConnection, id: 'user2', metadata: { plan: 'pro' } }) },
  { route: 'GET /v1/connections', url: () => '/v1/connections?integration=tracker&limit=1' },
  { route: 'GET /v1/connections/:integration/:connection', url: () => connection },
  {
    route: 'PATCH /v1/connections/:integration/:connection',
    url: () => connection,
    payload: () => ({ settings: { repos: ['a/b'] } }),
  },
  {
    route: 'POST /v1/connections/:integration/:connection/refresh',
    url: () => '/v1/connections/crm/client1/refresh',
  },
  { route: 'POST /v1/connections/:integration/:connection/test', url: () => `${connection}/test` },
  {
    route: 'GET /v1/connections/:integration/:connection/records/:model',
    url: () => `${connection}/records/Issue?limit=1&deleted=include&updatedAfter=2020-01-01T00:00:00Z`,
  },
  { route: 'GET /v1/connections/:integration/:connection/records/:model/:id', url: () => record },
  {
    route: 'GET /v1/connections/:integration/:connection/changes/:model',
    url: () => `${connection}/changes/Issue?limit=1&paths=true`,
  },
  {
    route: 'GET /v1/connections/:integration/:connection/records/:model/:id/history',
    url: () => `${record}/history?limit=1`,
  },
  {
    route: 'GET /v1/connections/:integration/:connection/records/:model/export',
    url: () => `${connection}/records/Issue/export?where={"title":"ümläut"}`,
  },
  { route: 'GET /v1/runs/:id/changes', url: () => `/v1/runs/${runId}/changes?limit=1` },
  { route: 'GET /v1/runs/:id/diff/:other', url: () => `/v1/runs/${runId}/diff/${runId}` },
  { route: 'GET /v1/views' },
  { route: 'GET /v1/holds', url: () => '/v1/holds?integration=tracker&connection=user1&status=pending' },
  { route: 'GET /v1/holds/:id', url: () => `/v1/holds/${holdId}?limit=1` },
  { route: 'POST /v1/holds/:id/approve', url: () => `/v1/holds/${holdId}/approve` },
  { route: 'POST /v1/holds/:id/discard', url: () => `/v1/holds/${otherHoldId}/discard` },
  { route: 'GET /v1/quarantine', url: () => '/v1/quarantine?integration=tracker&connection=user1&model=Issue' },
  { route: 'GET /v1/quarantine/:id', url: () => `/v1/quarantine/${quarantinedId}` },
  { route: 'DELETE /v1/quarantine/:id', url: () => `/v1/quarantine/${quarantinedId}` },
  {
    route: 'POST /v1/connections/:integration/:connection/records/:model/prune',
    url: () => `${connection}/records/Issue/prune`,
    payload: () => ({ deletedBefore: '2020-01-01T00:00:00Z' }),
  },
  {
    route: 'POST /v1/connections/:integration/:connection/actions/:name',
    url: () => `${connection}/actions/create-issue`,
    payload: () => ({ input: { title: 'A leak' } }),
  },
  {
    route: 'POST /v1/connections/:integration/:connection/dry-runs',
    url: () => `${connection}/dry-runs`,
    payload: () => ({ kind: 'action', function: 'create-issue', input: { title: 'A leak' } }),
  },
  { route: 'GET /v1/syncs', url: () => '/v1/syncs?connection=user1' },
  {
    route: 'POST /v1/connections/:integration/:connection/syncs/:sync/trigger',
    url: () => `${connection}/syncs/issues/trigger`,
  },
  {
    route: 'POST /v1/connections/:integration/:connection/syncs/:sync/events',
    url: () => `${connection}/syncs/issues/events`,
    payload: () => ({ headers: { 'x-event': 'issue.opened' }, body: { issue: 1 } }),
  },
  {
    route: 'POST /v1/connections/:integration/:connection/syncs/:sync/pause',
    url: () => `${connection}/syncs/issues/pause`,
  },
  {
    route: 'POST /v1/connections/:integration/:connection/syncs/:sync/resume',
    url: () => `${connection}/syncs/issues/resume`,
  },
  {
    route: 'PUT /v1/connections/:integration/:connection/syncs/:sync/schedule',
    url: () => `${connection}/syncs/issues/schedule`,
    payload: () => ({ schedule: 'cron 0 6 * * 1-5 Europe/Berlin' }),
  },
  {
    route: 'POST /v1/connections/:integration/:connection/syncs/:sync/backfill',
    url: () => `${connection}/syncs/issues/backfill`,
    payload: () => ({ from: '2025-01-01T00:00:00Z', until: '2026-01-01T00:00:00Z' }),
  },
  {
    route: 'POST /v1/connections/:integration/:connection/syncs/:sync/replay',
    url: () => `${connection}/syncs/issues/replay`,
  },
  {
    route: 'GET /v1/connections/:integration/:connection/syncs/:sync/ticks',
    url: () => `${connection}/syncs/issues/ticks?limit=10`,
  },
  {
    route: 'GET /v1/connections/:integration/:connection/syncs/:sync/states',
    url: () => `${connection}/syncs/issues/states?limit=10`,
  },
  { route: 'GET /v1/runs', url: () => '/v1/runs?integration=tracker&status=queued' },
  { route: 'GET /v1/runs/:id', url: () => `/v1/runs/${runId}` },
  { route: 'GET /v1/runs/:id/capture', url: () => `/v1/runs/${runId}/capture` },
  { route: 'POST /v1/runs/:id/cancel', url: () => `/v1/runs/${runId}/cancel` },
  { route: 'POST /v1/runs/:id/retry', url: () => `/v1/runs/${runId}/retry` },
  { route: 'POST /v1/runs/:id/undo', url: () => `/v1/runs/${runId}/undo` },
  { route: 'GET /v1/logs', url: () => `/v1/logs?runId=${runId}&level=warn` },
  {
    route: 'PUT /v1/bundles/:hash',
    url: () => `/v1/bundles/${hashOf('more code')}`,
    payload: () => 'more code',
    text: true,
  },
  { route: 'POST /v1/deployments/plan', payload: () => ({ manifest }) },
  { route: 'POST /v1/deployments', payload: () => ({ manifest, baseVersion: 2, message: 'again' }) },
  { route: 'GET /v1/deployments' },
  { route: 'POST /v1/deployments/:version/activate', url: () => '/v1/deployments/1/activate' },
  { route: 'GET /v1/deployments/:version/manifest', url: () => '/v1/deployments/1/manifest' },
  { route: 'GET /v1/deployments/:version/plan', url: () => '/v1/deployments/1/plan?from=1' },
  { route: 'GET /v1/deployments/:version/rollback', url: () => '/v1/deployments/1/rollback?data=false' },
  {
    route: 'POST /v1/deployments/:version/rollback',
    url: () => '/v1/deployments/1/rollback',
    payload: () => ({ baseVersion: 1 }),
  },
  { route: 'GET /v1/bundles/:hash', url: () => `/v1/bundles/${manifest.functions[0]?.bundle}` },
  { route: 'PUT /v1/variables/:name', url: () => '/v1/variables/CRM_CLIENT_ID', payload: () => ({ value: 'hush' }) },
  { route: 'GET /v1/variables' },
  { route: 'DELETE /v1/variables/:name', url: () => '/v1/variables/CRM_CLIENT_ID' },
  { route: 'POST /v1/keys', payload: () => ({ name: 'ci', scopes: ['records:read'], expiresInDays: 30 }) },
  { route: 'GET /v1/keys' },
  { route: 'DELETE /v1/keys/:id', url: () => '/v1/keys/4' },
  { route: 'DELETE /v1/keys/current', bearer: () => disposableKey },
  { route: 'POST /v1/device/authorization', payload: () => ({ hostName: 'laptop', scopes: ['records:read'] }) },
  { route: 'GET /v1/device/logins/:code', url: () => `/v1/device/logins/${loginCodes.first}` },
  {
    route: 'POST /v1/device/logins/:code/approve',
    url: () => `/v1/device/logins/${loginCodes.first}/approve`,
    payload: () => ({}),
  },
  { route: 'POST /v1/device/token', payload: () => ({ deviceCode: loginCodes.device }) },
  { route: 'POST /v1/device/logins/:code/deny', url: () => `/v1/device/logins/${loginCodes.second}/deny` },
  { route: 'POST /v1/keys/encryption/rotate' },
  { route: 'GET /v1/keys/encryption' },
  {
    route: 'PUT /v1/environments/:environment',
    url: () => '/v1/environments/pr-1',
    payload: () => ({ ttlMs: 3_600_000, borrow: [{ integration: 'tracker', connection: 'user1' }] }),
  },
  {
    route: 'POST /v1/environments/:environment/extend',
    url: () => '/v1/environments/pr-1/extend',
    payload: () => ({ ttlMs: 7_200_000 }),
  },
  { route: 'GET /v1/environments', url: () => '/v1/environments?limit=2' },
  { route: 'GET /v1/environments/:environment', url: () => '/v1/environments/pr-1' },
  { route: 'DELETE /v1/environments/:environment', url: () => '/v1/environments/pr-1' },
  { route: 'POST /v1/environments', payload: () => ({ name: 'staging' }) },
  { route: 'GET /v1/audit-log', url: () => '/v1/audit-log?action=connection.create&from=2020-01-01T00:00:00Z&limit=1' },
  { route: 'DELETE /v1/connections/:integration/:connection', url: () => '/v1/connections/tracker/user2' },
  {
    route: 'POST /v1/webhooks/endpoints',
    payload: () => ({ url: 'https://app.example.com/tenon', events: ['connection.failed'] }),
  },
  { route: 'GET /v1/webhooks/endpoints', url: () => '/v1/webhooks/endpoints?limit=1' },
  { route: 'GET /v1/webhooks/endpoints/:id', url: () => '/v1/webhooks/endpoints/1' },
  {
    route: 'PATCH /v1/webhooks/endpoints/:id',
    url: () => '/v1/webhooks/endpoints/1',
    payload: () => ({ description: 'the app' }),
  },
  { route: 'POST /v1/webhooks/endpoints/:id/rotate-secret', url: () => '/v1/webhooks/endpoints/1/rotate-secret' },
  { route: 'GET /v1/webhooks/deliveries', url: () => '/v1/webhooks/deliveries?endpointId=1&status=delivered' },
  { route: 'POST /v1/webhooks/deliveries/:id/replay', url: () => `/v1/webhooks/deliveries/${deliveryId}/replay` },
  { route: 'DELETE /v1/webhooks/endpoints/:id', url: () => '/v1/webhooks/endpoints/1' },
];

describe('every route', () => {
  it('has a good request in the table', () => {
    const tested = new Set([...goodRequests.map(({ route }) => route), 'GET /v1/events']);
    expect(allRoutes.map(({ method, path }) => `${method} ${path}`).filter((route) => !tested.has(route))).toEqual([]);
  });

  it.each(goodRequests)('answers $route as the contract says', async ({ route, url, payload, text, bearer }) => {
    const declared = declarationOf(route);
    const [method = '', path = ''] = route.split(' ');
    const answer = await http.call(method, url?.() ?? path, {
      ...(payload && { payload: payload() }),
      headers: {
        ...(text && { 'content-type': 'text/plain' }),
        ...(declared?.access === 'connect' && { authorization: `Bearer ${sessionToken}` }),
        ...(bearer && { authorization: `Bearer ${bearer()}` }),
      },
    });
    expect(answer).toMatchObject({ status: declared?.answer.status });
    const schema: z.ZodType | undefined = declared?.answer.schema;
    if (declared?.answer.contentType === undefined) expect(answer.text === '').toBe(schema === undefined);
    if (schema) expect(schema.safeParse(answer.body).error).toBeUndefined();
    expect(answer.headers['x-request-id']).toEqual(expect.any(String));
  });

  it.each(goodRequests.filter(({ route }) => !/health|ready|device\/(authorization|token)/.test(route)))(
    'answers $route to nobody without a key',
    async ({ route, url, payload }) => {
      const [method = '', path = ''] = route.split(' ');
      const answer = await http.call(method, url?.() ?? path, {
        headers: { authorization: '' },
        ...(payload && { payload: payload() }),
      });
      const code = declarationOf(route)?.access === 'connect' ? 'connect_session_invalid' : 'unauthorized';
      expect(errorOf(answer)).toMatchObject({ code, hint: expect.any(String) });
      expect(answer.headers['www-authenticate']).toBe('Bearer');
    },
  );

  const ofKeys = goodRequests.filter(({ route }) => declarationOf(route)?.access === 'key');
  it.each(ofKeys.filter(({ route }) => /:connection|:id|:version/.test(route)))(
    'hides what $route is about from another environment',
    async ({ route, url, payload }) => {
      const [method = '', path = ''] = route.split(' ');
      const answer = await http.call(method, url?.() ?? path, {
        headers: { authorization: `Bearer ${otherKey}` },
        ...(payload && { payload: payload() }),
      });
      expect(errorOf(answer)).toMatchObject({ code: 'not_found' });
    },
  );
});

describe('keys', () => {
  it.each([
    ['an unknown key', 'Bearer tnn_this_key_was_never_given_to_anyone'],
    ['another scheme', 'Basic dXNlcjpwYXNz'],
    ['two keys', 'Bearer a b'],
    ['a key without a scheme', 'tnn_dev_key_of_thirty_two_characters'],
  ])('refuses %s', async (_what, authorization) => {
    const answer = await http.call('GET', '/v1/whoami', { headers: { authorization } });
    expect(errorOf(answer)).toMatchObject({ code: 'unauthorized' });
    expect(answer.text).not.toContain('tnn_');
  });

  it.each([
    ['revoked_at', 'key_revoked'],
    ['expires_at', 'key_expired'],
  ] as const)('refuses a key from its %s on, and says so: %s', async (column, code) => {
    const { database } = http.room.context;
    const key = `tnn_key_that_ends_by_${column}_0123456789`;
    await ensureApiKey(database, { environmentId: http.room.environmentId, key, name: column });
    const headers = { authorization: `Bearer ${key}` };
    expect(await http.call('GET', '/v1/whoami', { headers })).toMatchObject({ status: 200 });
    await database
      .updateTable('api_keys')
      .set({ [column]: new Date(0) })
      .where('name', '=', column)
      .execute();
    http.room.pass(11_000);
    expect(errorOf(await http.call('GET', '/v1/whoami', { headers }))).toMatchObject({ code });
  });

  it('are stored as hashes only', async () => {
    const rows = await http.room.context.database.selectFrom('api_keys').selectAll().execute();
    for (const row of rows) expect(row.hash).toHaveLength(32);
    expect(JSON.stringify(rows.map(({ hash, ...shown }) => [shown, hash.toString()]))).not.toContain(otherKey);
  });
});

describe('the version', () => {
  it('is told on every answer, also of an error, and a route that is missing is told from a thing that is', async () => {
    const { body, headers } = await http.call('GET', '/v1/health');
    expect(headers['tenon-version']).toBe((body as { version: string }).version);
    const unknown = await http.call('GET', '/v1/of-the-future');
    expect(unknown.headers['tenon-version']).toBe(headers['tenon-version']);
    expect(errorOf(unknown)).toMatchObject({ code: 'not_found', details: { missing: 'route' } });
    const gone = errorOf(await http.call('GET', '/v1/runs/01980000-0000-7000-8000-000000000000'));
    expect(gone).toMatchObject({ code: 'not_found' });
    expect(gone?.details?.['missing']).not.toBe('route');
  });
});

describe('request ids', () => {
  it('takes a plain one from the client and makes one otherwise', async () => {
    const named = await http.call('GET', '/v1/health', { headers: { 'x-request-id': 'trace-42' } });
    expect(named.headers['x-request-id']).toBe('trace-42');
    const odd = await http.call('GET', '/v1/health', { headers: { 'x-request-id': 'a b"c' } });
    expect(odd.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('records', () => {
  it('come as the script saved them, with an id that is a URL', async () => {
    const answer = await http.call('GET', record);
    expect(answer.body).toMatchObject({ data: { title: 'ümläut' }, deletedAt: null });
  });

  it('give a feed cursor before anything was saved', async () => {
    await http.connect('early');
    const { body } = await http.call('GET', '/v1/connections/tracker/early/changes/Issue');
    const { items, nextCursor, hasMore } = body as { items: unknown[]; nextCursor: string; hasMore: boolean };
    expect([items, hasMore]).toEqual([[], false]);
    expect(await http.call('GET', `/v1/connections/tracker/early/changes/Issue?cursor=${nextCursor}`)).toMatchObject({
      status: 200,
    });
  });
});
