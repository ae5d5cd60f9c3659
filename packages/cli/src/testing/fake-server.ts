import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type {
  Change,
  Connection,
  ConnectionTest,
  ConnectSessionState,
  CreateConnectSession,
  DataRollbackPlan,
  Deployment,
  Integration,
  LiveEvent,
  LogEntry,
  Manifest,
  Plan,
  Run,
  StoredRecord,
  SyncState,
  SyncStatus,
  Tick,
} from '@tenon/runtime/contract';
import { takeEvent, type FakeInbox } from './fake-inbox.ts';
import { readCliVersion } from '../cli-version.ts';
import { deploymentRoutes } from './fake-deployments.ts';
import { matches, ok, pageOf, refuse, route, type Call, type CannedAnswer, type Route } from './fake-route.ts';
import { sampleConnection, sampleRun, sampleSync, sampleTime } from './samples.ts';

/** One request that the server received. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path with query. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export { refuse } from './fake-route.ts';

export interface FakeServerState {
  connections: Connection[];
  integrations: Integration[];
  /** By id. */
  sessions: Map<string, ConnectSessionState & { request: CreateConnectSession }>;
  /** What trying a connection tells. */
  connectionTest: ConnectionTest;
  /** By model. */
  records: Record<string, StoredRecord[]>;
  changes: Record<string, Change[]>;
  actions: Record<string, (input: unknown) => unknown>;
  syncs: SyncStatus[];
  inbox: FakeInbox;
  ticks: Tick[];
  syncStates: SyncState[];
  runs: Run[];
  logs: LogEntry[];
  deployments: Deployment[];
  bundles: Map<string, string>;
  plan: Pick<Plan, 'changes'> & Partial<Plan>;
  /** By version. */
  manifests: Map<number, Manifest>;
  /** Of every version. */
  rollbackData: DataRollbackPlan | null;
  lastManifest: Manifest | undefined;
}

/**
 * A Tenon server in memory that answers as the API contract says, for tests of what talks to one. It listens on
 * loopback and takes one API key.
 */
export class FakeServer {
  readonly apiKey = 'tenon_test_key';
  readonly requests: ReceivedRequest[] = [];
  readonly state: FakeServerState = {
    connections: [],
    integrations: [],
    sessions: new Map(),
    connectionTest: { ok: true, verified: true, durationMs: 12, problem: null },
    records: {},
    changes: {},
    actions: {},
    syncs: [],
    inbox: { deafSyncs: [], events: [], outcome: {} },
    ticks: [],
    syncStates: [],
    runs: [],
    logs: [],
    deployments: [],
    bundles: new Map(),
    plan: { changes: [] },
    manifests: new Map(),
    rollbackData: null,
    lastManifest: undefined,
  };
  /** Called when a sync is triggered; may emit events. */
  onTrigger: (run: Run) => void = () => {};
  readonly #canned: { match: string; answers: CannedAnswer[] }[] = [];
  #port = 0;
  readonly #streams = new Set<ServerResponse>();
  readonly #server = createServer((request, response) => void this.#receive(request, response));

  static async start(): Promise<FakeServer> {
    const fake = new FakeServer();
    await new Promise<void>((resolve) => fake.#server.listen(0, '127.0.0.1', resolve));
    fake.#port = (fake.#server.address() as AddressInfo).port;
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async stop(): Promise<void> {
    for (const stream of this.#streams) stream.destroy();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  /** As a server that is started again: on the same port, with what it had stored. After `stop`. */
  async startAgain(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
  }

  /** Answers the next requests whose `METHOD /path$` begins so with these, one each, instead of its own. */
  answerNext(match: string, ...answers: CannedAnswer[]): void {
    this.#canned.push({ match, answers });
  }

  /** How many read the events. */
  get streams(): number {
    return this.#streams.size;
  }

  emit(event: LiveEvent): void {
    for (const stream of this.#streams) stream.write(`data: ${JSON.stringify(event)}\n\n`);
  }

  /** Breaks every stream of events off. */
  dropStreams(): void {
    for (const stream of this.#streams) stream.destroy();
    this.#streams.clear();
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const received: ReceivedRequest = {
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(parts).toString('utf8'),
    };
    this.requests.push(received);
    const canned = this.#canned.find(
      ({ match, answers }) => answers.length > 0 && `${received.method} ${received.url}$`.startsWith(match),
    );
    const answer = canned?.answers.shift() ?? this.#answer(received);
    if (answer === 'events') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(': hello\n\n');
      this.#streams.add(response);
      response.on('close', () => this.#streams.delete(response));
      return;
    }
    const body = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
    response.writeHead(answer.status, {
      'content-type': 'application/json',
      'tenon-version': readCliVersion(),
      ...answer.headers,
    });
    response.end(body);
  }

  #answer(request: ReceivedRequest): CannedAnswer | 'events' {
    if (request.headers.authorization !== `Bearer ${this.apiKey}`) {
      return refuse(401, 'unauthorized', 'The API key is unknown.');
    }
    const contentType = request.headers['content-type'];
    if (contentType !== undefined && !['application/json', 'text/plain'].includes(contentType)) {
      return refuse(400, 'request_invalid', `This route does not read ${contentType}.`);
    }
    const url = new URL(request.url, 'http://fake');
    const path = url.pathname.split('/').slice(2).map(decodeURIComponent);
    const route = routes.find(({ method, pattern }) => method === request.method && matches(pattern, path));
    if (route === undefined) return refuse(404, 'not_found', `There is no ${request.method} ${url.pathname}.`);
    const body =
      request.headers['content-type'] === 'application/json' ? (JSON.parse(request.body) as unknown) : undefined;
    return route.answer(this, { path, query: url.searchParams, body, text: request.body });
  }
}

/** As the server does: of one run in the order of writing, of all newest first; ids are the cursors. */
function listLogs(logs: readonly LogEntry[], query: URLSearchParams): CannedAnswer {
  const runId = query.get('runId');
  const cursor = query.get('cursor');
  const sign = runId === null ? -1 : 1;
  const rest = logs
    .filter((entry) => (runId ?? entry.runId) === entry.runId)
    .filter(({ id }) => cursor === null || sign * (Number(id) - Number(cursor)) > 0)
    .sort((a, b) => sign * (Number(a.id) - Number(b.id)));
  const items = rest.slice(0, Number(query.get('limit') ?? 100));
  return ok({ items, nextCursor: items.length < rest.length ? (items.at(-1)?.id ?? null) : null });
}

function findConnection({ state }: FakeServer, { path }: Call): Connection | undefined {
  return state.connections.find(({ integration, id }) => integration === path[1] && id === path[2]);
}

const routes: readonly Route[] = [
  route('GET health', () => ok({ status: 'ok', version: '0.1.0' })),
  route('GET ready', () => ok({ status: 'ok', version: '0.1.0' })),
  route('GET whoami', ({ state }) =>
    ok({
      environment: 'dev',
      key: { name: 'owner', prefix: 'tenon_te', scopes: ['admin'] },
      server: { version: '0.1.0' },
      activeVersion: state.deployments.find(({ active }) => active)?.version ?? 0,
    }),
  ),
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
  route('GET syncs', ({ state }, { query }) => pageOf(state.syncs, query)),
  route('POST connections/*/*/syncs/*/trigger', (server, { path }) => {
    const [, integration = '', connection = '', , sync = ''] = path;
    const known = server.state.syncs.some((one) => one.sync === sync && one.connection === connection);
    if (!known) return refuse(404, 'not_found', `There is no sync ${sync}.`, { details: { missing: 'sync' } });
    const run = sampleRun({ integration, connection, function: sync, status: 'queued', finishedAt: null });
    server.state.runs.push(run);
    server.onTrigger(run);
    return ok({ run, alreadyRunning: false });
  }),
  route('POST connections/*/*/syncs/*/events', ({ state }, { path, body }) => {
    const run = takeEvent(state, path, body);
    if (run === undefined) return refuse(404, 'not_found', `The sync ${path[4]} takes no events.`);
    state.runs.push(run);
    return { status: 202, body: { run, alreadyRunning: false } };
  }),
  route('POST connections/*/*/syncs/*/pause', () => ({ status: 204 })),
  route('POST connections/*/*/syncs/*/resume', () => ({ status: 204 })),
  route('PUT connections/*/*/syncs/*/schedule', (_server, { path, body }) => {
    const { schedule } = body as { schedule: string | null };
    const [, integration = '', connection = '', , sync = ''] = path;
    const own = schedule === null ? {} : { schedule, scheduleSource: 'connection' as const };
    return ok(sampleSync({ integration, connection, sync, ...own }));
  }),
  route('POST connections/*/*/syncs/*/backfill', (_server, { path }) => {
    const [, integration = '', connection = '', , sync = ''] = path;
    const about = { integration, connection, function: sync };
    return ok(sampleRun({ ...about, trigger: 'backfill', status: 'queued', finishedAt: null }));
  }),
  route('GET connections/*/*/syncs/*/ticks', ({ state }, { query }) => pageOf(state.ticks, query)),
  route('GET connections/*/*/syncs/*/states', ({ state }, { query }) => pageOf(state.syncStates, query)),
  route('GET runs', ({ state }, { query }) => pageOf(state.runs, query)),
  route('GET runs/*', ({ state }, { path }) => {
    const found = state.runs.findLast(({ id }) => id === path[1]);
    return found === undefined ? refuse(404, 'not_found', 'There is no such run.') : ok(found);
  }),
  route('POST runs/*/retry', ({ state }, { path }) => {
    const ended = state.runs.findLast(({ id }) => id === path[1]);
    if (!ended) return refuse(404, 'not_found', 'There is no such run.');
    const { integration, connection, function: sync } = ended;
    const run = sampleRun({ integration, connection, function: sync, status: 'queued', finishedAt: null });
    return ok({ run, alreadyRunning: false });
  }),
  route('POST runs/*/cancel', () => ({ status: 202, body: {} })),
  route('GET logs', ({ state }, { query }) => listLogs(state.logs, query)),
  route('GET events', () => 'events'),
  ...deploymentRoutes,
];
