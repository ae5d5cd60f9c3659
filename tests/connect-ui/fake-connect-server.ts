import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import path from 'node:path';
import {
  connectAttemptSchema,
  connectViewSchema,
  startAuthorizationSchema,
  submitConnectionSchema,
  type ConnectAttempt,
  type ConnectView,
} from '@tenon/runtime/contract';
import { sampleView } from './samples.ts';

const builtPage = path.resolve(import.meta.dirname, '../../packages/server/dist/connect-page');
/** As strict as the server's own, so that whatever it would refuse fails here. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' https:; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const types: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };

interface Refusal {
  readonly status: number;
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly hint?: string;
    readonly details?: object;
  };
}

/** The routes of a connect session as the contract has them, with answers that a test decides, and a provider. */
export interface FakeConnectServer {
  readonly url: string;
  /** Of the page, with the session's token. */
  readonly pageUrl: string;
  readonly submitted: unknown[];
  readonly authorizations: unknown[];
  /** What browsers said of a breach of the page's policy, and addresses that nobody should ask for. */
  readonly unexpected: string[];
  view: ConnectView;
  /** Refuses the next calls of `session`, `connections` or `attempts`, one each. */
  refuse(route: 'session' | 'connections' | 'attempts', refusal: Refusal): void;
  /** Ends the attempt that is pending, as the callback does. */
  settle(end: 'succeeded' | 'expired' | NonNullable<ConnectAttempt['error']>): void;
  /** Whether the callback's page tells its opener; a message can be lost. */
  callbackTells: boolean;
  stop(): Promise<void>;
}

export async function startFakeConnectServer(view: Partial<ConnectView> = {}): Promise<FakeConnectServer> {
  const refusals: { route: string; refusal: Refusal }[] = [];
  const waiting = new Set<() => void>();
  let attempt: ConnectAttempt | undefined;
  let url = '';

  const fake: Omit<FakeConnectServer, 'url' | 'pageUrl' | 'stop'> = {
    submitted: [],
    authorizations: [],
    unexpected: [],
    view: connectViewSchema.parse(sampleView(view)),
    refuse: (route, refusal) => void refusals.push({ route, refusal }),
    settle(end) {
      if (!attempt) throw new Error('No attempt was started.');
      const status = typeof end === 'string' ? end : 'failed';
      const connected = status === 'succeeded' ? { integration: 'calendar', connection: 'user1' } : null;
      const error = typeof end === 'string' ? null : end;
      attempt = connectAttemptSchema.parse({ ...attempt, status, url: null, connected, error });
      for (const answer of waiting) answer();
    },
    callbackTells: true,
  };

  async function answerApi(request: IncomingMessage, response: ServerResponse, route: string): Promise<void> {
    const [name = ''] = route.split('/');
    const index = refusals.findIndex((entry) => entry.route === name);
    const refused =
      index < 0 || (name === 'attempts' && request.method === 'GET') ? undefined : refusals.splice(index, 1)[0];
    if (request.headers.authorization !== 'Bearer tcs_good') {
      const error = { code: 'connect_session_invalid', message: 'The session is unknown.', requestId: 'req-0' };
      return sendJson(response, 401, { error });
    }
    if (refused) {
      return sendJson(response, refused.refusal.status, { error: { ...refused.refusal.error, requestId: 'req-1' } });
    }
    if (route === 'session') return sendJson(response, 200, fake.view);
    if (route === 'connections') {
      const body = submitConnectionSchema.parse(await readJson(request));
      fake.submitted.push(body);
      return sendJson(response, 201, { integration: body.integration, connection: 'user1' });
    }
    if (route === 'attempts') {
      fake.authorizations.push(startAuthorizationSchema.parse(await readJson(request)));
      attempt = {
        id: `att_${fake.authorizations.length}`,
        status: 'pending',
        url: `${url}/provider/authorize`,
        connected: null,
        error: null,
        expiresAt: '2099-01-01T00:00:00.000Z',
      };
      return sendJson(response, 201, attempt);
    }
    const { searchParams } = new URL(request.url ?? '', url);
    if (attempt?.status === 'pending' && searchParams.get('waitMs') !== '0') {
      await new Promise<void>((resolve) => {
        waiting.add(resolve);
        response.once('close', resolve);
      });
    }
    return sendJson(response, 200, attempt);
  }

  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://localhost');
    const answer = async (): Promise<void> => {
      if (pathname.startsWith('/v1/connect/'))
        return answerApi(request, response, pathname.slice('/v1/connect/'.length));
      if (pathname === '/provider/authorize') {
        return sendPage(response, '<title>Provider</title><a id="agree" href="/oauth/callback">Agree</a>');
      }
      if (pathname === '/oauth/callback') {
        if (attempt?.status === 'pending') fake.settle('succeeded');
        const tell = `opener?.postMessage({ type: 'tenon:attempt', id: '${attempt?.id}' }, location.origin);`;
        return sendPage(response, `<title>Back</title><script>${fake.callbackTells ? tell : ''}close();</script>`);
      }
      if (pathname === '/favicon.ico') return void response.writeHead(204).end();
      if (pathname !== '/connect' && !pathname.startsWith('/connect/')) {
        fake.unexpected.push(pathname);
        response.writeHead(404).end();
        return;
      }
      const file = pathname === '/connect' ? 'index.html' : pathname.slice('/connect/'.length);
      response.writeHead(200, {
        'content-type': types[path.extname(file)] ?? 'text/html; charset=utf-8',
        'content-security-policy': policy,
      });
      response.end(await readFile(path.join(builtPage, file)));
    };
    answer().catch((error: unknown) => {
      fake.unexpected.push(`${pathname}: ${String(error)}`);
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  url = `http://127.0.0.1:${address.port}`;

  return Object.assign(fake, {
    url,
    pageUrl: `${url}/connect#session=tcs_good`,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function sendPage(response: ServerResponse, html: string): void {
  response
    .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    .end(`<!doctype html><html lang="en">${html}</html>`);
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString()) as unknown;
}
