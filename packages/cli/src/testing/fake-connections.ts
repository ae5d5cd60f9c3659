import { randomUUID } from 'node:crypto';
import type { Connection, CreateConnectSession } from '@tenon/runtime/contract';
import { ok, pageOf, refuse, route, type Call, type Route } from './fake-route.ts';
import type { FakeServer } from './fake-server.ts';
import { sampleConnection, sampleTime } from './samples.ts';

function findConnection({ state }: FakeServer, { path }: Call): Connection | undefined {
  return state.connections.find(({ integration, id }) => integration === path[1] && id === path[2]);
}

/** What is connected, what connects, and what is read and called there. */
export const connectionRoutes: readonly Route[] = [
  route('GET connections', ({ state }, { query }) => pageOf(state.connections, query)),
  route('POST connections', ({ state }, { body }) => {
    const {
      integration,
      id,
      credentials,
      config = {},
      settings = {},
      metadata = {},
    } = body as {
      integration: string;
      id: string;
      credentials: { mode: Connection['authMode'] };
      config?: Record<string, string>;
      settings?: Record<string, unknown>;
      metadata?: Record<string, unknown>;
    };
    if (state.connections.some((other) => other.integration === integration && other.id === id)) {
      return refuse(409, 'conflict', `${integration}/${id} exists already.`);
    }
    const connection = sampleConnection({ integration, id, authMode: credentials.mode, config, settings, metadata });
    state.connections.push(connection);
    return { status: 201, body: connection };
  }),
  route('GET connections/*/*', (server, call) => {
    const found = findConnection(server, call);
    return found === undefined ? refuse(404, 'not_found', 'There is no such connection.') : ok(found);
  }),
  route('PATCH connections/*/*', (server, call) => {
    const found = findConnection(server, call);
    if (found === undefined) return refuse(404, 'not_found', 'There is no such connection.');
    const { settings, metadata } = call.body as Partial<Connection>;
    Object.assign(found, { state: 'active', problem: null }, settings && { settings }, metadata && { metadata });
    return ok(found);
  }),
  route('POST connections/*/*/test', (server, call) =>
    findConnection(server, call) ? ok(server.state.connectionTest) : refuse(404, 'not_found', 'No such connection.'),
  ),
  route('POST connections/*/*/refresh', (server, call) => {
    const found = findConnection(server, call);
    if (found === undefined) return refuse(404, 'not_found', 'There is no such connection.');
    found.refreshedAt = sampleTime;
    return ok(found);
  }),
  route('GET integrations', ({ state }, { query }) => pageOf(state.integrations, query)),
  route('POST connect/sessions', ({ state, url }, { body }) => {
    const id = String(state.sessions.size + 1);
    const expiresAt = '2999-01-01T00:00:00.000Z';
    const request = body as CreateConnectSession;
    state.sessions.set(id, { id, status: 'open', connected: [], error: null, expiresAt, request });
    const token = `tcs_${id}`;
    return { status: 201, body: { id, token, url: `${url}/connect#session=${token}`, expiresAt } };
  }),
  route('GET connect/sessions/*', ({ state }, { path }) => {
    const found = state.sessions.get(path[2] ?? '');
    return found ? ok(found) : refuse(404, 'not_found', 'There is no such session.');
  }),
  route('DELETE connect/sessions/*', ({ state }, { path }) => {
    state.sessions.delete(path[2] ?? '');
    return { status: 204 };
  }),
  route('DELETE connections/*/*', (server, call) => {
    const found = findConnection(server, call);
    if (found === undefined) return refuse(404, 'not_found', 'There is no such connection.');
    server.state.connections = server.state.connections.filter((other) => other !== found);
    return { status: 204 };
  }),
  route('GET connections/*/*/records/*', ({ state }, { path, query }) =>
    pageOf(state.records[path[4] ?? ''] ?? [], query),
  ),
  route('GET connections/*/*/records/*/*', ({ state }, { path }) => {
    const found = state.records[path[4] ?? '']?.find(({ id }) => id === path[5]);
    return found === undefined ? refuse(404, 'not_found', `There is no record ${path[5]}.`) : ok(found);
  }),
  route('GET connections/*/*/changes/*', ({ state }, { path, query }) => {
    const all = state.changes[path[4] ?? ''] ?? [];
    const from = Number(query.get('cursor') ?? 0);
    const items = all.slice(from, from + Number(query.get('limit') ?? 100));
    const next = from + items.length;
    return ok({ items, nextCursor: String(next), hasMore: next < all.length });
  }),
  route('POST connections/*/*/actions/*', ({ state }, { path, body }) => {
    const action = state.actions[path[4] ?? ''];
    if (action === undefined) {
      return refuse(404, 'not_found', `There is no action ${path[4]}.`, { details: { missing: 'action' } });
    }
    return ok({ runId: randomUUID(), output: action((body as { input: unknown }).input) });
  }),
];
