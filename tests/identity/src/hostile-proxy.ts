import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface PassedRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HostileAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * What the proxy does with one request. `pass` asks the server behind it, which then has acted, whatever becomes of its
 * answer; without it the server sees nothing. `break` cuts the connection, `silence` never answers.
 */
export type TamperRequest = (
  request: PassedRequest,
  pass: () => Promise<HostileAnswer>,
  index: number,
) => Promise<HostileAnswer | 'break' | 'silence'>;

export interface HostileProxy {
  /** Its origin; paths are those of the server behind it. */
  readonly url: string;
  /** Everything that came in, in order. */
  readonly requests: readonly PassedRequest[];
  /** Replaces what is done with requests from now on. */
  tamper(by: TamperRequest): void;
  close(): Promise<void>;
}

async function passOn(target: string, request: PassedRequest): Promise<HostileAnswer> {
  const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers;
  const answer = await fetch(target + request.path, {
    method: request.method,
    headers,
    redirect: 'manual',
    ...(request.method !== 'GET' && request.method !== 'HEAD' && { body: request.body }),
  });
  const contentType = answer.headers.get('content-type');
  return {
    status: answer.status,
    headers: contentType === null ? {} : { 'content-type': contentType },
    body: await answer.text(),
  };
}

/**
 * Starts a proxy in front of a server that answers badly: late, twice the same, with parts missing.
 * @param target origin of the server behind it
 */
export async function startHostileProxy(target: string, tamper?: TamperRequest): Promise<HostileProxy> {
  let current: TamperRequest = tamper ?? ((_request, pass) => pass());
  const requests: PassedRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    const handle = async (): Promise<void> => {
      const headers = Object.fromEntries(
        Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
      );
      const body = (await buffer(incoming)).toString('utf8');
      const request = { method: incoming.method ?? '', path: incoming.url ?? '', headers, body };
      requests.push(request);
      const answer = await current(request, () => passOn(target, request), requests.length - 1);
      if (answer === 'break') incoming.socket.destroy();
      else if (answer !== 'silence') outgoing.writeHead(answer.status, answer.headers).end(answer.body);
    };
    // A client that goes away in the middle is part of what is tested.
    handle().catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    tamper(by) {
      current = by;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
