import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { goodApiKey } from '../credentials/testing/sample-provider-server.ts';
import { hashOf } from '../deployments/testing/sample-manifest.ts';
import { errorOf } from './testing/error-of.ts';
import { openHttpRoom, type HttpRoom } from './testing/http-room.ts';

let http: HttpRoom;

beforeAll(async () => {
  http = await openHttpRoom();
  await http.connect('user1');
});
afterAll(() => http.close());

const connection = '/v1/connections/tracker/user1';
const newConnection = { integration: 'tracker', credentials: { mode: 'api_key', values: { apiKey: goodApiKey } } };

describe('malformed requests', () => {
  const json = { 'content-type': 'application/json' };
  const tooLong = 'x'.repeat(3_000);
  const cases: {
    what: string;
    method?: string;
    url: string;
    payload?: unknown;
    headers?: Record<string, string>;
    code: string;
    path?: string;
  }[] = [
    { what: 'an unknown route', url: '/v1/nonsense', code: 'not_found' },
    { what: 'an unknown route with a strange query', url: '//?%%%', code: 'not_found' },
    { what: 'a method that the route does not have', method: 'DELETE', url: '/v1/runs', code: 'method_not_allowed' },
    { what: 'a broken escape in the path', url: '/v1/runs/%zz', code: 'request_invalid' },
    {
      what: 'a name in the path that is too long',
      url: `${connection}/records/Issue/${tooLong}`,
      code: 'request_invalid',
    },
    { what: 'a NUL in the path', url: '/v1/connections/tracker/%00', code: 'request_invalid' },
    {
      what: 'an integration with upper case',
      url: '/v1/connections/Tracker/user1',
      code: 'request_invalid',
      path: 'params.integration',
    },
    { what: 'an unknown model', url: `${connection}/records/Nothing`, code: 'not_found' },
    { what: 'a limit of zero', url: '/v1/runs?limit=0', code: 'request_invalid', path: 'query.limit' },
    { what: 'a limit above the most', url: '/v1/runs?limit=1001', code: 'request_invalid', path: 'query.limit' },
    { what: 'a limit that is no number', url: '/v1/runs?limit=ten', code: 'request_invalid', path: 'query.limit' },
    { what: 'two limits', url: '/v1/runs?limit=1&limit=2', code: 'request_invalid', path: 'query.limit' },
    { what: 'an unknown status', url: '/v1/runs?status=happy', code: 'request_invalid', path: 'query.status' },
    { what: 'a cursor of nobody', url: '/v1/connections?cursor=abc', code: 'request_invalid' },
    { what: 'a cursor of nobody on deployments', url: '/v1/deployments?cursor=-1', code: 'request_invalid' },
    { what: 'a cursor of nobody on integrations', url: '/v1/integrations?cursor=abc', code: 'request_invalid' },
    { what: 'a cursor of nobody on records', url: `${connection}/records/Issue?cursor=abc`, code: 'request_invalid' },
    {
      what: 'a time that is none',
      url: `${connection}/records/Issue?updatedAfter=yesterday`,
      code: 'request_invalid',
      path: 'query.updatedAfter',
    },
    { what: 'a run id that is no UUID', url: '/v1/runs/1', code: 'request_invalid', path: 'params.id' },
    {
      what: 'a version that is no number',
      method: 'POST',
      url: '/v1/deployments/latest/activate',
      code: 'request_invalid',
      path: 'params.version',
    },
    {
      what: 'a version beyond all integers',
      method: 'POST',
      url: '/v1/deployments/99999999999/activate',
      code: 'request_invalid',
    },
    {
      what: 'a version that was never deployed',
      method: 'POST',
      url: '/v1/deployments/77/activate',
      code: 'not_found',
    },
    {
      what: 'JSON that is none',
      method: 'POST',
      url: '/v1/connections',
      payload: '{"integration":',
      headers: json,
      code: 'request_invalid',
    },
    {
      what: 'a prototype in JSON',
      method: 'POST',
      url: '/v1/connections',
      payload: '{"__proto__":{"admin":true}}',
      headers: json,
      code: 'request_invalid',
    },
    {
      what: 'an empty JSON body',
      method: 'POST',
      url: '/v1/connections',
      payload: '',
      headers: json,
      code: 'request_invalid',
    },
    { what: 'no body', method: 'POST', url: '/v1/connections', code: 'request_invalid', path: 'body.integration' },
    {
      what: 'a list as a body',
      method: 'POST',
      url: '/v1/connections',
      payload: [],
      code: 'request_invalid',
      path: 'body',
    },
    {
      what: 'another media type',
      method: 'POST',
      url: '/v1/connections',
      payload: '<a/>',
      headers: { 'content-type': 'text/xml' },
      code: 'request_invalid',
    },
    {
      what: 'an unknown field',
      method: 'POST',
      url: '/v1/connections',
      payload: { ...newConnection, id: 'u', colour: 'red' },
      code: 'request_invalid',
      path: 'body',
    },
    {
      what: 'an unknown auth mode',
      method: 'POST',
      url: '/v1/connections',
      payload: { ...newConnection, id: 'u', credentials: { mode: 'magic' } },
      code: 'request_invalid',
      path: 'body.credentials.mode',
    },
    {
      what: 'a NUL in the body',
      method: 'PATCH',
      url: connection,
      payload: { metadata: { text: 'a\0b' } },
      code: 'request_invalid',
    },
    {
      what: 'a connection that exists',
      method: 'POST',
      url: '/v1/connections',
      payload: { ...newConnection, id: 'user1' },
      code: 'conflict',
    },
    {
      what: 'an integration that is not deployed',
      method: 'POST',
      url: '/v1/connections',
      payload: { ...newConnection, integration: 'nowhere', id: 'u' },
      code: 'not_found',
    },
    {
      what: 'an unknown action',
      method: 'POST',
      url: `${connection}/actions/nothing`,
      payload: { input: null },
      code: 'not_found',
    },
    { what: 'an unknown sync', method: 'POST', url: `${connection}/syncs/nothing/trigger`, code: 'not_found' },
    {
      what: 'a schedule that is none',
      method: 'PUT',
      url: `${connection}/syncs/issues/schedule`,
      payload: { schedule: 'now and then' },
      code: 'request_invalid',
    },
    {
      what: 'the schedule of an unknown sync',
      method: 'PUT',
      url: `${connection}/syncs/nothing/schedule`,
      payload: { schedule: null },
      code: 'not_found',
    },
    {
      what: 'a backfill of a sync that has no cursor any more',
      method: 'POST',
      url: `${connection}/syncs/issues/backfill`,
      payload: { from: '2025-01-01T00:00:00Z' },
      code: 'request_invalid',
    },
    {
      what: 'a backfill of nothing',
      method: 'POST',
      url: `${connection}/syncs/issues/backfill`,
      payload: { from: 2, until: 1 },
      code: 'request_invalid',
    },
    { what: 'ticks of an unknown sync', url: `${connection}/syncs/nothing/ticks`, code: 'not_found' },
    {
      what: 'a cursor of ticks that is none',
      url: `${connection}/syncs/issues/ticks?cursor=x`,
      code: 'request_invalid',
    },
    { what: 'an unknown sync to pause', method: 'POST', url: `${connection}/syncs/nothing/pause`, code: 'not_found' },
    {
      what: 'a body above the limit',
      method: 'PATCH',
      url: connection,
      payload: { metadata: { text: 'x'.repeat(1_100_000) } },
      code: 'payload_too_large',
    },
    {
      what: 'a bundle with another hash',
      method: 'PUT',
      url: `/v1/bundles/${hashOf('a')}`,
      payload: 'b',
      headers: { 'content-type': 'text/plain' },
      code: 'bundle_hash_mismatch',
    },
    {
      what: 'a bundle above the limit',
      method: 'PUT',
      url: `/v1/bundles/${hashOf('a')}`,
      payload: 'x'.repeat(5_300_000),
      headers: { 'content-type': 'text/plain' },
      code: 'payload_too_large',
    },
    {
      what: 'a hash that is none',
      method: 'PUT',
      url: '/v1/bundles/abc',
      payload: 'b',
      headers: { 'content-type': 'text/plain' },
      code: 'request_invalid',
      path: 'params.hash',
    },
    {
      what: 'a manifest that is none',
      method: 'POST',
      url: '/v1/deployments/plan',
      payload: { manifest: {} },
      code: 'request_invalid',
      path: 'body.manifest.formatVersion',
    },
  ];

  it.each(cases)('$what', async ({ method = 'GET', url, payload, headers, code, path }) => {
    const answer = await http.call(method, url, {
      ...(payload !== undefined && { payload }),
      ...(headers && { headers }),
    });
    const error = errorOf(answer);
    expect(error).toMatchObject({ code });
    if (path === undefined) return;
    const problems = (error.details?.['problems'] ?? []) as { path: string }[];
    expect(problems.map((problem) => problem.path)).toContain(path);
  });

  it('names every problem of path, query and body at once, and quotes no value', async () => {
    const payload = { integration: 'NO', credentials: { mode: 'api_key', values: { apiKey: 4711_4711 } } };
    const answer = await http.call('POST', '/v1/connections', { payload });
    const problems = (errorOf(answer).details?.['problems'] ?? []) as { path: string }[];
    expect(problems.map(({ path }) => path).toSorted()).toEqual([
      'body.credentials.values.apiKey',
      'body.id',
      'body.integration',
    ]);
    expect(answer.text).not.toContain('4711');
  });

  it('logs nothing that a client did wrong as an error of the server', () => {
    expect(http.log.filter((line) => JSON.parse(line).level >= 50)).toEqual([]);
  });
});
