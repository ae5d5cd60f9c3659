import type { Socket } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { inspect } from 'node:util';
import type { ErrorCode, TenonError } from '@tenon/runtime/errors';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readCliVersion } from '../output/cli-version.ts';
import { FakeServer } from '../testing/fake-server.ts';
import { httpAnswer, startBrokenServer } from '../testing/start-broken-server.ts';
import { answerError } from './answer-error.ts';
import type { ApiClient } from './api-client.ts';
import { createApiClient } from './create-api-client.ts';
import type { ServerAddress, TransportOptions } from './http-transport.ts';

const key = 'tnn_secret';
const quick: TransportOptions = { times: { firstRetryMs: 1 }, random: () => 0 };

function connect(url: string, options: TransportOptions = {}, about: Partial<ServerAddress> = {}): ApiClient {
  const client = createApiClient({ url, apiKey: key, ...about }, { ...quick, ...options });
  onTestFinished(() => client.close());
  return client;
}

async function failureOf(work: Promise<unknown>): Promise<TenonError> {
  return work.then(
    (value) => {
      throw new Error(`It did not fail, but gave ${JSON.stringify(value)}.`);
    },
    (error: unknown) => error as TenonError,
  );
}

const tenonError = (status: number, code: string, headers: Record<string, string> = {}, details?: object) =>
  httpAnswer(
    status,
    JSON.stringify({ error: { code, message: `Refused: ${code}.`, requestId: 'req-1', ...(details && { details }) } }),
    { 'tenon-version': readCliVersion(), ...headers },
  );
const whoami = {
  environment: 'dev',
  key: { name: 'k', prefix: 'tnn', scopes: ['admin'] },
  server: { version: '9.0.0' },
  activeVersion: 0,
};
const good = () => httpAnswer(200, JSON.stringify(whoami), { 'tenon-version': readCliVersion() });

interface Broken {
  readonly name: string;
  readonly answer: string | ((socket: Socket) => void);
  readonly code: ErrorCode;
  readonly message: RegExp;
  readonly hint: RegExp;
  /** How often it is asked. */
  readonly asked?: number;
  readonly options?: TransportOptions;
}

const half = '{"environment":"dev","key":{"name":"k","pre';

const table: readonly Broken[] = [
  {
    name: 'a connection that is reset before the answer',
    answer: (socket) => socket.resetAndDestroy(),
    code: 'server_connection_lost',
    message: /broke off during GET \/v1\/whoami/,
    hint: /Try again/,
    asked: 3,
  },
  {
    name: 'a connection that is reset in the middle of the answer',
    answer: (socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n${half}`, () =>
        socket.resetAndDestroy(),
      );
    },
    code: 'server_connection_lost',
    message: /broke off/,
    hint: /restarted/,
    asked: 3,
  },
  {
    name: 'a body that stops coming',
    answer: (socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n${half}`);
    },
    code: 'server_timeout',
    message: /in time: .*Body Timeout/i,
    hint: /very slow/,
    asked: 3,
    options: { times: { firstRetryMs: 1, idleMs: 40 } },
  },
  {
    name: 'the page of a captive portal',
    answer: httpAnswer(200, '<html><head><title>Hotel\n Wi-Fi</title></head></html>', { 'content-type': 'text/html' }),
    code: 'server_intercepted',
    message: /the page "Hotel Wi-Fi"/,
    hint: /sign-in of a network/,
  },
  {
    name: 'the page of a proxy that refuses',
    answer: httpAnswer(403, '<!DOCTYPE html><title>Blocked</title>', { 'content-type': 'text/html' }),
    code: 'server_intercepted',
    message: /answered 403 with the page "Blocked"/,
    hint: /proxy/,
  },
  ...[502, 503, 504].map((status): Broken => ({
    name: `${status} of a gateway`,
    answer: httpAnswer(status, '<html>Bad gateway</html>', { 'content-type': 'text/html' }),
    code: 'server_gateway_failed',
    message: new RegExp(`answered ${status}: the server behind`),
    hint: /load balancer/,
    asked: 3,
  })),
  {
    name: '503 of the server itself',
    answer: tenonError(503, 'unavailable'),
    code: 'unavailable',
    message: /Refused/,
    hint: /^$/,
    asked: 3,
  },
  {
    name: '429 that asks for more patience than there is',
    answer: httpAnswer(429, 'slow down', { 'content-type': 'text/plain', 'retry-after': '3600' }),
    code: 'rate_limited',
    message: /too many requests/,
    hint: /in 3600 s/,
  },
  {
    name: 'JSON that ends in the middle',
    answer: httpAnswer(200, half, { 'tenon-version': readCliVersion() }),
    code: 'server_answer_truncated',
    message: /ends in the middle/,
    hint: /cuts answers short/,
    asked: 3,
  },
  {
    name: 'something else than JSON that says it is',
    answer: httpAnswer(200, 'hello', { 'tenon-version': readCliVersion() }),
    code: 'server_answer_invalid',
    message: /not JSON/,
    hint: /bug in Tenon/,
  },
  {
    name: 'another content type',
    answer: httpAnswer(200, JSON.stringify(whoami), { 'content-type': 'text/plain' }),
    code: 'server_answer_not_json',
    message: /with text\/plain instead of JSON/,
    hint: /Check that/,
  },
  {
    name: 'another JSON API',
    answer: httpAnswer(200, '{"hello":"world"}'),
    code: 'server_not_tenon',
    message: /is not a Tenon server/,
    hint: /TENON_URL/,
  },
  {
    name: 'an error of another JSON API',
    answer: httpAnswer(404, '{"message":"Not found"}'),
    code: 'server_not_tenon',
    message: /is not a Tenon server/,
    hint: /TENON_URL/,
  },
  {
    name: 'something that does not speak HTTP',
    answer: (socket) => void socket.end('SSH-2.0-OpenSSH_9.2\r\n'),
    code: 'server_not_tenon',
    message: /does not speak HTTP/,
    hint: /port/,
  },
  {
    name: 'an unknown key',
    answer: tenonError(401, 'unauthorized'),
    code: 'unauthorized',
    message: /Refused/,
    hint: /^The key came from TENON_API_KEY\.$/,
  },
  {
    name: 'an expired key',
    answer: tenonError(401, 'key_expired'),
    code: 'key_expired',
    message: /Refused/,
    hint: /TENON_API_KEY/,
  },
  {
    name: 'a revoked key',
    answer: tenonError(401, 'key_revoked'),
    code: 'key_revoked',
    message: /Refused/,
    hint: /TENON_API_KEY/,
  },
  {
    name: 'a missing scope',
    answer: tenonError(403, 'forbidden'),
    code: 'forbidden',
    message: /Refused/,
    hint: /TENON_API_KEY/,
  },
  {
    name: 'a route that an older server lacks',
    answer: tenonError(404, 'not_found', { 'tenon-version': '0.0.9' }, { missing: 'route' }),
    code: 'server_too_old',
    message: /does not know GET \/v1\/whoami/,
    hint: /version 0\.0\.9.*upgrade the server/,
  },
  {
    name: 'a method that an older server lacks',
    answer: tenonError(405, 'method_not_allowed', { 'tenon-version': '0.0.9' }),
    code: 'server_too_old',
    message: /does not know GET/,
    hint: /upgrade the server/,
  },
  {
    name: 'an answer of an older server that lacks a field',
    answer: httpAnswer(200, '{"environment":"dev"}', { 'tenon-version': '0.0.9' }),
    code: 'server_too_old',
    message: /bad key/,
    hint: /upgrade the server/,
  },
  {
    name: 'an older server that refuses a field of the request',
    answer: tenonError(400, 'request_invalid', { 'tenon-version': '0.0.9' }),
    code: 'request_invalid',
    message: /Refused/,
    hint: /upgrade the server/,
  },
  {
    name: 'an answer of a newer server that this version does not understand',
    answer: httpAnswer(200, JSON.stringify({ ...whoami, activeVersion: 'v7' }), { 'tenon-version': '99.0.0' }),
    code: 'cli_too_old',
    message: /bad activeVersion/,
    hint: /version 99\.0\.0.*upgrade the package tenon/,
  },
];

describe('a broken server', () => {
  it.each(table)('$name: $code', async ({ answer, code, message, hint, asked = 1, options }) => {
    const server = await startBrokenServer({
      answer: (socket) => (typeof answer === 'string' ? socket.end(answer) : answer(socket)),
    });
    const client = connect(server.url, options, { apiKeyFrom: 'TENON_API_KEY' });
    const error = await failureOf(client.whoami());
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(error.hint ?? '').toMatch(hint);
    expect(server.requests).toHaveLength(asked);
    // Also not in what it was caused by, however deep a crash report looks.
    expect(inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error)).not.toContain(key);
  });

  it('has a name that DNS does not know', async () => {
    // A label of more than 63 characters is refused by every resolver (RFC 1035), with or without a network.
    const error = await failureOf(connect(`http://${'a'.repeat(64)}.invalid`).whoami());
    expect(error).toMatchObject({ code: 'server_name_unknown', hint: expect.stringContaining('VPN') });
  });

  it('stands behind a proxy that wants a password', async () => {
    const proxy = await startBrokenServer({ answer: (socket) => socket.end(httpAnswer(407, 'Who are you?')) });
    const error = await failureOf(connect('http://tenon.test', { variables: { http_proxy: proxy.url } }).whoami());
    expect(error).toMatchObject({ code: 'proxy_failed', hint: expect.stringContaining('http://name:password@') });
    expect(proxy.requests).toHaveLength(1);
  });

  it('is asked at a port that no web client asks', async () => {
    const error = await failureOf(connect('http://127.0.0.1:6000').whoami());
    expect(error).toMatchObject({
      code: 'server_unreachable',
      message: expect.stringContaining('bad port'),
      hint: expect.stringContaining('another port'),
    });
  });

  it('ends a stream in the middle, which whoever reads it is told', async () => {
    const server = await startBrokenServer({
      answer: (socket) => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/csv\r\ncontent-length: 500\r\n\r\nid\n', () =>
          setImmediate(() => socket.resetAndDestroy()),
        );
      },
    });
    const ref = { integration: 'demo', connection: 'a', model: 'Issue' };
    const stream = await connect(server.url).openExport(ref, { format: 'csv' });
    const error: unknown = await readText(stream).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Error);
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(key);
  });

  it('has a certificate that nobody trusts', async () => {
    const server = await startBrokenServer({ isSecure: true, answer: (socket) => socket.end(good()) });
    const error = await failureOf(connect(server.url).whoami());
    expect(error).toMatchObject({ code: 'server_tls_failed', hint: expect.stringContaining('NODE_EXTRA_CA_CERTS') });
    expect(server.requests).toEqual([]);
  });

  it('does not speak TLS at all', async () => {
    const server = await FakeServer.start();
    onTestFinished(() => server.stop());
    const error = await failureOf(connect(server.url.replace('http:', 'https:')).whoami());
    expect(error).toMatchObject({ code: 'server_tls_failed', hint: expect.stringContaining('http://') });
  });

  it('never ends making a connection', async () => {
    const silent = await startBrokenServer({ answer: () => {} });
    const times = { connectMs: 30, firstRetryMs: 1 };
    const error = await failureOf(connect(silent.url.replace('http:', 'https:'), { times }).whoami());
    expect(error).toMatchObject({ code: 'server_timeout', message: expect.stringMatching(/Connect Timeout/i) });
  });

  it('drips for ever, and is left when the time of the whole call is over', async () => {
    const server = await startBrokenServer({
      answer(socket) {
        socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n');
        const timer = setInterval(() => socket.write('1\r\n \r\n'), 5);
        socket.on('close', () => clearInterval(timer));
      },
    });
    const error = await failureOf(connect(server.url).whoami({ timeoutMs: 80 }));
    expect(error).toMatchObject({
      code: 'server_timeout',
      message: expect.stringContaining('no answer within 0.08 s'),
    });
  });

  it.each([
    ['another host', (other: string) => other, /sends on to http:\/\/127\.0\.0\.1:\d+; the API key was not sent there/],
    ['another place of the same host', () => '/login', /sends on to/],
    ['nowhere', () => 'http://', /sends on to another address/],
  ])('redirects to %s, which is not followed', async (_name, placeOf, message) => {
    const other = await startBrokenServer({ answer: (socket) => socket.end(good()) });
    const server = await startBrokenServer({
      answer: (socket) => socket.end(httpAnswer(307, '', { location: placeOf(other.url) })),
    });
    const error = await failureOf(connect(server.url).whoami());
    expect(error).toMatchObject({ code: 'server_redirected', message: expect.stringMatching(message) });
    expect(server.requests).toHaveLength(1);
    expect(other.requests).toEqual([]);
  });

  it('redirects from https to http, which is said', () => {
    const answer = {
      status: 301,
      headers: { location: 'http://tenon.example/v1/whoami' },
      body: '',
      ownVersion: '1.0.0',
    };
    const error = answerError({ ...answer, request: 'GET /v1/whoami', url: 'https://tenon.example' });
    expect(error).toMatchObject({ code: 'server_redirected', message: expect.stringContaining('without encryption') });
  });

  it('says when to come back as a date, too', () => {
    const at = new Date(Date.now() + 90_000).toUTCString();
    const answer = { status: 429, headers: { 'retry-after': at }, body: '', ownVersion: '1.0.0' };
    const error = answerError({ ...answer, request: 'GET /v1/whoami', url: 'https://tenon.example' });
    expect(Number(error.details?.['retryAfterSeconds'])).toBeGreaterThan(80);
  });

  it('is newer, and sends fields that this version does not know: they are left out', async () => {
    const body = JSON.stringify({ ...whoami, region: 'eu', key: { ...whoami.key, owner: 'me' } });
    const server = await startBrokenServer({
      answer: (socket) => socket.end(httpAnswer(200, body, { 'tenon-version': '99.0.0' })),
    });
    expect(await connect(server.url).whoami()).toEqual(whoami);
  });
});
