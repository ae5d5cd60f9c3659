import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Incoming {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Outgoing {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text goes as it is, anything else as JSON. */
  readonly body?: unknown;
}

export interface LocalServer {
  readonly url: string;
  readonly port: number;
  /** Everything that came in, in order. */
  readonly requests: readonly Incoming[];
  close(): Promise<void>;
}

function send(outgoing: ServerResponse, { status = 200, headers = {}, body = '' }: Outgoing): void {
  const isText = typeof body === 'string';
  const type = isText ? 'text/plain' : 'application/json';
  outgoing.writeHead(status, { 'content-type': type, ...headers }).end(isText ? body : JSON.stringify(body));
}

/** Starts what answers on a loopback port. An `answer` that throws is a 500 with its message. */
export async function startLocalServer(
  answer: (request: Incoming) => Promise<Outgoing> | Outgoing,
): Promise<LocalServer> {
  const requests: Incoming[] = [];
  const server = createServer((incoming, outgoing) => {
    const handle = async (): Promise<void> => {
      const headers = Object.fromEntries(
        Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
      );
      const { method = '', url: path = '' } = incoming;
      const request = { method, path, headers, body: await text(incoming) };
      requests.push(request);
      send(outgoing, await answer(request));
    };
    handle().catch((error: unknown) => send(outgoing, { status: 500, body: String(error) }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
