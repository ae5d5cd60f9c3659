import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LocalRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface LocalAnswer {
  status?: number;
  headers?: Record<string, string | string[]>;
  /** Text and bytes go as they are, anything else as JSON. */
  body?: unknown;
}

export interface LocalApi {
  /** Its origin, such as http://127.0.0.1:40123. */
  readonly url: string;
  /** Everything that came in, in order. */
  readonly requests: LocalRequest[];
  close(): Promise<void>;
}

/** How a local API answers: an answer, no answer at all, or a connection that breaks. */
export type AnswerRequest = (
  request: LocalRequest,
  index: number,
) => LocalAnswer | 'silence' | 'break' | Promise<LocalAnswer>;

/** Starts a provider on a loopback port, for tests of what really goes over a connection. */
export async function startLocalApi(answer: AnswerRequest): Promise<LocalApi> {
  const requests: LocalRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const { method = '', url: path = '', headers } = incoming;
      const request = { method, path, headers, body };
      requests.push(request);
      void Promise.resolve(answer(request, requests.length - 1)).then((given) => {
        if (given === 'silence') return;
        if (given === 'break') {
          incoming.socket.destroy();
          return;
        }
        const isRaw = typeof given.body === 'string' || given.body instanceof Uint8Array;
        const type = isRaw || given.body === undefined ? {} : { 'content-type': 'application/json' };
        outgoing.writeHead(given.status ?? 200, { ...type, ...given.headers });
        outgoing.end(isRaw ? given.body : given.body === undefined ? '' : JSON.stringify(given.body));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
