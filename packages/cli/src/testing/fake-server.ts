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
import { readCliVersion } from '../output/cli-version.ts';
import { connectionRoutes } from './fake-connections.ts';
import { deploymentRoutes } from './fake-deployments.ts';
import type { FakeInbox } from './fake-inbox.ts';
import { matches, ok, refuse, route, type CannedAnswer, type Route } from './fake-route.ts';
import { runRoutes } from './fake-runs.ts';

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
  ...connectionRoutes,
  ...runRoutes,
  ...deploymentRoutes,
];
